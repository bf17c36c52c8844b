"""Sources that send while we listen: sockets, web servers, queues. No Qt, no store."""
