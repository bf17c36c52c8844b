"""Groups, alerts, vehicles, heartbeats, webhook tests and search answers."""

import json

import pytest

from alprviewer.core.decode import decode
from alprviewer.core.errors import ProblemKind
from alprviewer.core.frame import SiblingKind, Stream
from tests.helpers.reading import read_value

GROUP = {
    "data_type": "alpr_group",
    "version": 3,
    "epoch_start": 1634475947845,
    "epoch_end": 1634475950845,
    "camera_id": 1000,
    "agent_uid": "AGENT",
    "uuids": ["AGENT-1000-1634475947845", "AGENT-1000-1634475947900"],
    "plate_indexes": [0, 1],
    "best_plate": read_value("ABC123", plate_crop_jpeg="/9j/AAAA"),
    "best_plate_number": "ABC128",
    "best_confidence": 94.5,
    "best_region": "us-mo",
    "best_region_confidence": 91.5,
    "best_uuid": "AGENT-1000-1634475947900",
    "matches_template": True,
    "is_parked": False,
    "is_preview": True,
    "travel_direction": 297.68206787109375,
    "web_server_config": {"camera_label": "North", "agent_label": "A"},
}
HEARTBEAT = {
    "data_type": "heartbeat",
    "timestamp": 1515073916369,
    "agent_uid": "AGENT",
    "memory_total_bytes": 8031714103340852224,
    "video_streams": [{"camera_id": 7, "camera_name": "Gate", "url": "rtsp://root:1@192.168.0.33/media"}],
}


def one(value):
    found = decode(json.dumps(value).encode())
    assert found.frames == ()
    (sibling,) = found.siblings
    return sibling, [(problem.field, problem.kind, problem.repaired) for problem in found.problems]


def test_group():
    sibling, problems = one(GROUP)
    assert problems == []
    assert (sibling.kind, sibling.start, sibling.end) == (SiblingKind.GROUP, 1634475947845, 1634475950845)
    assert (sibling.plate, sibling.confidence) == ("ABC128", 94.5)  # may differ from best_plate.plate
    assert (sibling.region, sibling.region_confidence) == ("us-mo", 91.5)
    assert (sibling.matches_template, sibling.is_parked, sibling.is_preview) == (1, False, True)
    assert (sibling.camera_id, sibling.camera_name, sibling.agent_uid) == (1000, "North", "AGENT")
    assert (sibling.uuids, sibling.plate_indexes) == (GROUP["uuids"], [0, 1])
    assert (sibling.best_uuid, sibling.crop) == ("AGENT-1000-1634475947900", "/9j/AAAA")
    assert sibling.travel_direction == 297.68206787109375


def test_an_old_group_says_things_in_its_best_plate_only():
    sibling, problems = one(
        {"data_type": "alpr_group", "best_plate": read_value("ABC123"), "best_plate_number": ""}
    )
    assert problems == []
    assert (sibling.plate, sibling.confidence, sibling.region) == ("ABC123", 91.25, "us-mo")


def test_zero_times_in_a_template_are_absent():
    sibling, problems = one({"data_type": "alpr_group", "epoch_start": 0, "epoch_end": 0, "best_plate": {}})
    assert (sibling.start, sibling.end, problems) == (None, None, [])


def test_unusable_members_of_a_group_are_noted():
    group = GROUP | {"camera_id": "x", "uuids": ["a", 5], "best_plate": {"confidence": 200}, "epoch_end": -1}
    sibling, problems = one(group)
    assert problems == [
        ("epoch_end", ProblemKind.RANGE, False),
        ("camera_id", ProblemKind.TYPE, False),
        ("uuids[1]", ProblemKind.TYPE, False),
        ("best_plate.confidence", ProblemKind.RANGE, False),
    ]
    assert (sibling.camera_id, sibling.uuids) == (None, ["a"])


def test_alert():
    alert = {
        "data_type": "alpr_alert",
        "version": 1,
        "epoch_time": 1634475947999,
        "plate_number": "LISTED1",
        "camera_name": "Gate",
        "alert_list": "stolen",
        "group": GROUP,
    }
    sibling, problems = one(alert)
    assert (sibling.kind, problems) == (SiblingKind.ALERT, [])
    assert (sibling.alert_plate, sibling.plate, sibling.camera_name) == ("LISTED1", "ABC128", "Gate")
    assert sibling.start == 1634475947845
    del alert["data_type"], alert["group"]["epoch_start"]
    sibling, _ = one(alert | {"group": {k: v for k, v in GROUP.items() if k != "epoch_start"}})
    assert (sibling.kind, sibling.start) == (SiblingKind.ALERT, 1634475947999)


def test_alert_without_a_group():
    sibling, _ = one({"data_type": "alpr_alert", "plate_number": 1234, "group": None})
    assert (sibling.kind, sibling.alert_plate) == (SiblingKind.ALERT, "1234")


def test_vehicle_has_no_plate():
    vehicle = {
        "data_type": "vehicle",
        "version": 3,
        "epoch_start": 1634763993249,
        "best_uuid": "x-1-5",
        "camera_id": 5,
    }
    sibling, problems = one(vehicle)
    assert (sibling.kind, sibling.plate, sibling.best_uuid, problems) == (
        SiblingKind.VEHICLE,
        None,
        "x-1-5",
        [],
    )


def test_heartbeat():
    sibling, problems = one(HEARTBEAT)
    assert problems == []
    assert (sibling.kind, sibling.start) == (SiblingKind.HEARTBEAT, 1515073916369)
    assert sibling.streams == [Stream(7, "Gate", "rtsp://root:1@192.168.0.33/media")]
    assert (sibling.camera_id, sibling.camera_name) == (7, "Gate")


def test_heartbeat_of_several_cameras_or_none():
    streams = [{"camera_id": 7}, {"camera_id": 8, "camera_name": "Exit"}, {"fps": 3}, 5]
    sibling, problems = one(HEARTBEAT | {"video_streams": streams})
    assert (sibling.camera_id, sibling.camera_name) == (None, "7, Exit")
    assert problems == [("video_streams[3]", ProblemKind.TYPE, False)]
    for none in ([], None):
        sibling, problems = one(HEARTBEAT | {"video_streams": none})
        assert (sibling.camera_id, sibling.camera_name, problems) == (None, None, [])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"openalpr_webhook": "test"}, SiblingKind.TEST),
        ({"alert_list": "x", "group": GROUP}, SiblingKind.ALERT),
        ({"video_streams": []}, SiblingKind.HEARTBEAT),
        ({"best_plate": {}, "epoch_start": 1634475947845}, SiblingKind.GROUP),
        ({"data_type": None, "group": GROUP}, SiblingKind.GROUP),
        ({"group": GROUP, "custom_data": {"x": 1}}, SiblingKind.GROUP),
    ],
)
def test_what_names_no_type(value, kind):
    assert one(value)[0].kind is kind


def test_search_answers():
    fields = {
        "best_plate": "ABC123",
        "best_confidence": "94.5",
        "best_uuid": "A-1-1634475947900",
        "epoch_time_start": "2021-10-17T13:05:47.845Z",
        "epoch_time_end": "2021-10-17T13:05:50",
        "camera": "Gate",
        "camera_id": 7,
        "plate_x1": 5,
    }
    answer = [{"pk": n, "model": "rekor.group", "fields": fields} for n in (1, 2)]
    answer.append(
        {
            "pk": 3,
            "model": "rekor.alert",
            "fields": fields | {"plate_number": "LISTED", "epoch_time_end": "?"},
        }
    )
    found = decode(json.dumps(answer).encode())
    assert [each.kind for each in found.siblings] == [SiblingKind.GROUP, SiblingKind.GROUP, SiblingKind.ALERT]
    first, _, alert = found.siblings
    assert (first.start, first.end) == (1634475947845, 1634475950000)
    assert (first.plate, first.confidence, first.camera_name) == ("ABC123", 94.5, "Gate")
    assert alert.alert_plate == "LISTED"
    assert [p.field for p in found.problems if not p.repaired] == ["[2].fields.epoch_time_end"]


def test_hostile_times_of_search_answers():
    for written in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "x" * 2000, "2021-W01-1", ""):
        answer = {"pk": 1, "model": "m", "fields": {"epoch_time_start": written}}
        decode(json.dumps(answer).encode())
