; NOT TRIED YET. The installer: for one user, without administrator rights, removed without a trace.
[Setup]
AppName=alprviewer
AppVersion={#Version}
AppPublisher=alprviewer contributors
DefaultDirName={autopf}\alprviewer
DefaultGroupName=alprviewer
PrivilegesRequired=lowest
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=alprviewer-{#Version}-setup
SetupIconFile=..\..\build\package\alprviewer.ico
UninstallDisplayIcon={app}\alprviewer.exe
ChangesAssociations=yes

[Files]
Source: "..\..\build\package\alprviewer\*"; DestDir: "{app}"; Flags: recursesubdirs

[Icons]
Name: "{group}\alprviewer"; Filename: "{app}\alprviewer.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\Applications\alprviewer.exe\shell\open\command"; ValueType: string; \
    ValueData: """{app}\alprviewer.exe"" ""%1"""; Flags: uninsdeletekey
