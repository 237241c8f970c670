"""Attacks over the network: the grader listens on every kind of socket here, and must hear nothing."""

from __future__ import annotations

from .attack import Attack, reach

LINE = "Network"

ATTACKS: tuple[Attack, ...] = (
    reach(
        "tcp_to_the_grader",
        """
        import asyncio, http.client, urllib.request
        here = ("127.0.0.1", TCP)
        def by_socket(): return socket.create_connection(here, 2)
        def by_number():
            channel = call("socket", 2, 1, 0)
            return channel
        def by_six(): return socket.socket(socket.AF_INET6).connect(("::ffff:127.0.0.1", TCP))
        def by_http(): return done(http.client.HTTPConnection(*here, timeout=2).connect)
        def by_url(): return urllib.request.urlopen("http://127.0.0.1:%d" % TCP, timeout=2)
        def by_loop(): return asyncio.run(asyncio.open_connection(*here))
        def by_fast_open():
            channel = socket.socket()
            return channel.sendto(b"word", 0x20000000, here)
        try_all(by_socket, by_number, by_six, by_http, by_url, by_loop, by_fast_open)
        """,
        LINE,
    ),
    reach(
        "tcp_to_others",
        """
        places = (("192.0.2.1", 80), ("10.0.0.1", 22), ("169.254.169.254", 80), ("0.0.0.0", TCP), ("localhost", TCP))
        try_all(*(lambda place=place: socket.create_connection(place, 0.2) for place in places))
        """,
        LINE,
    ),
    reach(
        "tcp_server",
        """
        import socketserver, http.server
        def by_socket():
            server = socket.socket()
            server.bind(("127.0.0.1", 0))
            return done(server.listen)
        def by_create(): return socket.create_server(("127.0.0.1", 0))
        def by_server(): return socketserver.TCPServer(("127.0.0.1", 0), None)
        def by_http(): return http.server.HTTPServer(("", 0), http.server.SimpleHTTPRequestHandler)
        def by_pair():
            one, other = socket.socketpair()
            one.close()
            return done(other.bind, "\\0" + TOKEN + "-server")
        def by_pair_listening():
            one, other = socket.socketpair()
            return done(other.listen)
        try_all(by_socket, by_create, by_server, by_http, by_pair, by_pair_listening)
        """,
        LINE,
    ),
    reach(
        "udp_to_the_grader",
        """
        here = ("127.0.0.1", UDP)
        def by_socket(): return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"word", here)
        def by_connection():
            channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            channel.connect(here)
            return channel.send(b"word")
        def by_message(): return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b"word"], [], 0, here)
        def by_log():
            import logging.handlers
            handler = logging.handlers.SysLogHandler(here)
            handler.emit(logging.makeLogRecord({"msg": "word"}))
            return handler.socket
        def by_broadcast():
            channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            return channel.sendto(b"word", ("255.255.255.255", UDP))
        try_all(by_socket, by_connection, by_message, by_log, by_broadcast)
        """,
        LINE,
    ),
    reach(
        "unix_to_the_grader",
        """
        path, abstract = COMMON + "/socket", "\\0" + TOKEN
        def stream(address):
            return lambda: done(socket.socket(socket.AF_UNIX).connect, address)
        def datagram(address):
            return lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"word", address)
        def by_pair(address):
            return lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"word", address)
        def by_message(address):
            return lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)[0].sendmsg([b"word"], [], 0, address)
        def by_reconnecting(address):
            return lambda: done(socket.socketpair()[0].connect, address)
        kinds = (stream, datagram, by_pair, by_message, by_reconnecting)
        places = (path, abstract, "/run/systemd/journal/socket", "/var/run/docker.sock", "/dev/log")
        try_all(*(kind(place) for kind in kinds for place in places))
        """,
        LINE,
    ),
    reach(
        "unix_server",
        """
        def way(address, kind):
            return lambda: done(socket.socket(socket.AF_UNIX, kind).bind, address)
        places = (COMMON + "/" + TOKEN, "\\0" + TOKEN + "-mine", "mine")
        try_all(*(way(place, kind) for place in places for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)))
        """,
        LINE,
    ),
    reach(
        "dns",
        """
        def by_name(): return socket.gethostbyname("example.org")
        def by_info(): return socket.getaddrinfo("example.org", 80)
        def by_number(): return socket.gethostbyaddr("192.0.2.1")
        def by_own_name(): return socket.gethostbyname_ex(socket.gethostname() + ".example.org")
        def by_packet():
            query = bytes.fromhex("aaaa01000001000000000000") + b"\\x07example\\x03org\\0\\0\\x01\\0\\x01"
            return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(query, ("127.0.0.53", 53))
        def by_settings(): return open("/etc/resolv.conf").read() + open("/etc/hosts").read()
        try_all(by_name, by_info, by_number, by_own_name, by_packet, by_settings)
        """,
        LINE,
    ),
    reach(
        "sockets_of_other_kinds",
        """
        families = (16, 17, 38, 40, 29, 31, 2, 10, 21, 4, 9, 39)  # netlink, packet, alg, vsock, can, bluetooth, raw ...
        kinds = (socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM)
        def way(family, kind):
            return lambda: socket.socket(family, kind, 1 if kind == socket.SOCK_RAW else 0)
        def pair(family, kind):
            return lambda: socket.socketpair(family, kind)
        try_all(
            *(way(family, kind) for family in families for kind in kinds),
            pair(socket.AF_UNIX, socket.SOCK_DGRAM), pair(socket.AF_UNIX, socket.SOCK_SEQPACKET), pair(16, 3),
            lambda: socket.if_nameindex(),
        )
        """,
        LINE,
    ),
    reach(
        "downloads",
        """
        import keras, urllib.request
        url = "http://127.0.0.1:%d/data.npz" % TCP
        def by_url(): return urllib.request.urlretrieve(url, "data.npz")
        def by_program(): return subprocess.run(["curl", url], check=True)
        def by_pip(): return subprocess.run([sys.executable, "-m", "pip", "download", url], check=True)
        def by_keras():
            try:
                return keras.utils.get_file("data.npz", url, cache_dir=".")
            except Exception as error:
                assert "URL fetch failure" in str(error), error
        try_all(by_url, by_program, by_pip, by_keras)
        """,
        LINE,
    ),
    reach(
        "server_of_tensorflow",
        # It ends the process where it gets no port, or raises.
        """
        print("starting")
        def by_server(): return tf.distribute.Server.create_local_server()
        def by_data(): return tf.data.experimental.service.DispatchServer()
        try_all(by_server, by_data)
        """,
        LINE,
        ends=None,
        shows="",
        told="values differ",
    ),
)
