"""Attacks by processes and by calls of the kernel. Signals are asked for with number 0: they are allowed or refused
as any other is, and do no harm where a layer is missing."""

from __future__ import annotations

import platform

from .attack import Attack, once, reach

LINE = "Processes and kernel"

ATTACKS: tuple[Attack, ...] = (
    reach(
        "fork",
        """
        import pty
        def child(made):
            if made == 0:
                os._exit(0)
            return True
        def by_fork(): return child(os.fork())
        def by_libc():
            made = libc.fork()
            return child(made) if made >= 0 else None
        def by_terminal(): return child(os.forkpty()[0])
        def by_pty(): return child(pty.fork()[0])
        def by_clone():
            made = libc.syscall(ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(17), 0, 0, 0, 0)
            return child(made) if made >= 0 else None
        def by_clone_of_a_parent():
            made = libc.syscall(ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(0x8000 | 17), 0, 0, 0, 0)
            return child(made) if made >= 0 else None
        def by_clone3():
            order = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17)
            made = libc.syscall(ctypes.c_long(NUMBERS["clone3"]), order, ctypes.c_long(88))
            return child(made) if made >= 0 else None
        try_all(by_fork, by_libc, by_terminal, by_pty, by_clone, by_clone_of_a_parent, by_clone3)
        """,
        LINE,
    ),
    reach(
        "fork_bomb",
        # One that stops by itself, for the day on which it works.
        """
        made = 0
        for _ in range(200):
            try:
                if os.fork() == 0:
                    time.sleep(20)
                    os._exit(0)
                made += 1
            except OSError:
                pass
        try_all(lambda: made)
        """,
        LINE,
    ),
    reach(
        "daemon",
        """
        def by_session(): return done(os.setsid)
        def by_group(): return done(os.setpgid, 0, 0)
        def by_group_of_another(): return done(os.setpgid, 0, os.getpgid(PARENT))
        def by_two_forks():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(20)
                os._exit(0)
            return True
        def by_death(): return call("prctl", 1, 0, 0, 0, 0)
        def by_reaping(): return call("prctl", 36, 1, 0, 0, 0)
        try_all(by_session, by_group, by_group_of_another, by_two_forks, by_death, by_reaping)
        """,
        LINE,
    ),
    reach(
        "subprocess",
        """
        import asyncio
        shell = get_ipython()
        def by_run(): return subprocess.run(["true"])
        def by_shell(): return subprocess.run("true", shell=True)
        def by_spawn(): return os.posix_spawn("/bin/true", ["true"], {})
        def by_system(): return os.system("true") == 0
        def by_pipe(): return os.popen("echo word").read()
        def by_exec(): return os.execv("/bin/true", ["true"])
        def by_descriptor(): return os.execve(os.open(sys.executable, os.O_RDONLY), ["python"], {})
        def by_wait(): return os.spawnv(os.P_WAIT, "/bin/true", ["true"]) == 0
        def by_libc(): return libc.system(b"true") == 0
        def by_loop(): return asyncio.run(asyncio.create_subprocess_exec("true"))
        def by_escape(): return shell.getoutput("echo word")
        def by_class(): return super(type(shell), shell).getoutput("echo word")
        def by_debugger(): return subprocess.Popen([sys.executable, "-c", "0"], close_fds=False)
        try_all(by_run, by_shell, by_spawn, by_system, by_pipe, by_exec, by_descriptor, by_wait, by_libc, by_loop,
                by_escape, by_class, by_debugger)
        """,
        LINE,
    ),
    once("subprocess_by_a_bang", "!echo got' 'out:", LINE),
    once(
        "subprocess_by_what_a_bang_did",
        """
        shell = get_ipython()
        super(type(shell), shell).system("echo got' 'out:")
        """,
        LINE,
        ends=("OSError",),
    ),
    once("subprocess_by_a_magic", "%%bash\necho got' 'out:", LINE, ends=("PermissionError",)),
    reach(
        "multiprocessing",
        """
        import concurrent.futures, multiprocessing
        def by(kind):
            def way():
                process = multiprocessing.get_context(kind).Process(target=print)
                process.start()
                return process
            return way
        def by_pool(): return multiprocessing.get_context("fork").Pool(1)
        def by_manager(): return multiprocessing.Manager()
        def by_executor(): return concurrent.futures.ProcessPoolExecutor(1).submit(print).result()
        try_all(by("fork"), by("spawn"), by("forkserver"), by_pool, by_manager, by_executor)
        """,
        LINE,
    ),
    reach(
        "memfd_exec",
        """
        def by_memory(): return os.memfd_create("program")
        def by_secret_memory(): return call("memfd_secret", 0)
        def by_execveat():
            program = os.open(sys.executable, os.O_PATH)
            return call("execveat", program, b"", 0, 0, 0x1000)
        def by_copy():
            shutil.copyfile("/bin/true" if os.access("/bin/true", os.R_OK) else sys.executable, "program")
            os.chmod("program", 0o755)
            return os.execv("./program", ["program"])
        def by_loader():
            loaders = glob.glob("/lib*/ld-linux*") + glob.glob("/lib/*/ld-linux*")
            return os.execv(loaders[0], [loaders[0], sys.executable, "-c", "print('word')"])
        def by_library():
            open("library.so", "wb").write(b"#!/bin/true")
            return os.execv("library.so", ["library.so"])
        try_all(by_memory, by_secret_memory, by_execveat, by_copy, by_loader, by_library)
        """,
        LINE,
    ),
    reach(
        "ptrace",
        """
        buffer = ctypes.create_string_buffer(8)
        vector = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
        others = (PARENT, GRADER, 1)
        def by(request):
            return [lambda pid=pid: call("ptrace", request, pid, 0, 0) for pid in others]
        def by_reading(pid): return lambda: call("process_vm_readv", pid, vector, 1, vector, 1, 0)
        def by_writing(pid): return lambda: call("process_vm_writev", pid, vector, 1, vector, 1, 0)
        def by_comparing(pid): return lambda: call("kcmp", os.getpid(), pid, 0, 0, 0)
        def by_descriptor(pid): return lambda: call("pidfd_getfd", call("pidfd_open", pid, 0), 0, 0)
        def by_being_traced(): return call("ptrace", 0, 0, 0, 0)
        ways = (by_reading, by_writing, by_comparing, by_descriptor)
        try_all(*by(16), *by(0x4206), *(way(pid) for way in ways for pid in others), by_being_traced)
        """,
        LINE,
    ),
    reach("process_vm_readv_of_every_process", """
        buffer = ctypes.create_string_buffer(8)
        def way():
            found = []
            numbers = {*range(1, 200), *range(GRADER - 20, GRADER + 200), *range(PARENT, PARENT + 100)}
            for pid in numbers - {os.getpid()}:
                vector = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
                try:
                    found.append(call("process_vm_readv", pid, vector, 1, vector, 1, 0))
                except OSError as error:
                    if error.errno == errno.EFAULT:
                        found.append(pid)
            return found
        try_all(way)
        """, LINE),
    reach(
        "signals_to_others",
        """
        others = (PARENT, GRADER, -1, 0, -PARENT, 1)
        def by_kill(pid): return lambda: done(os.kill, pid, 0)
        def by_group(pid): return lambda: done(os.killpg, os.getpgid(pid), 0)
        def by_thread(pid): return lambda: call("tgkill", pid, pid, 0)
        def by_any_thread(pid): return lambda: call("tkill", pid, 0)
        def by_queue(pid): return lambda: call("rt_sigqueueinfo", pid, 0, ctypes.create_string_buffer(128))
        def by_pidfd(pid): return lambda: call("pidfd_send_signal", call("pidfd_open", pid, 0), 0, 0, 0)
        kinds = (by_kill, by_thread, by_any_thread, by_queue, by_pidfd)
        try_all(*(kind(pid) for kind in kinds for pid in others), by_group(PARENT), by_group(GRADER))
        """,
        LINE,
    ),
    reach(
        "signals_by_files_and_clocks",
        """
        import fcntl
        ends = os.pipe()
        pair = socket.socketpair()
        def by_owner(pid): return lambda: fcntl.fcntl(pair[0], fcntl.F_SETOWN, pid) == 0
        def by_signal(): return fcntl.fcntl(ends[0], 10, signal.SIGKILL) == 0
        def by_owner_of_a_file(): return fcntl.fcntl(ends[0], 15, struct.pack("ii", 1, PARENT))
        def by_ioctl(): return fcntl.ioctl(pair[0], 0x8901, struct.pack("i", PARENT))
        def by_ioctl_of_a_socket(): return fcntl.ioctl(pair[0], 0x8902, struct.pack("i", PARENT))
        def by_notice(): return fcntl.fcntl(os.open(".", os.O_RDONLY), 1026, 2) == 0
        def by_clock():
            event = struct.pack("QiiI", 0, 9, 4, PARENT) + bytes(44)
            return call("timer_create", 0, event, ctypes.create_string_buffer(8))
        def by_terminal(): return fcntl.ioctl(0, 0x5412, b"x")
        def by_console(): return fcntl.ioctl(0, 0x541C, b"\\3")
        try_all(by_owner(PARENT), by_owner(-1), by_owner(GRADER), by_signal, by_owner_of_a_file, by_ioctl,
                by_ioctl_of_a_socket, by_notice, by_clock, by_terminal, by_console)
        """,
        LINE,
    ),
    reach(
        "namespaces",
        """
        kinds = (0x10000000, 0x00020000, 0x40000000, 0x08000000, 0x04000000, 0x20000000, 0x02000000, 0x80)
        def by_unshare(kind): return lambda: call("unshare", kind)
        def by_clone(kind):
            def way():
                made = libc.syscall(ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(kind | 17), 0, 0, 0, 0)
                if made == 0:
                    os._exit(0)
                return made > 0
            return way
        def by_thread(kind):
            def way():
                made = libc.syscall(ctypes.c_long(NUMBERS["clone"]), ctypes.c_long(kind | 0x10000), 0, 0, 0, 0)
                return made > 0
            return way
        def by_entering(): return call("setns", 0, 0)
        def by_descriptor(): return os.open("/proc/%d/ns/net" % GRADER, os.O_RDONLY)
        try_all(*map(by_unshare, (*kinds, 0x400, 0x200, 0x40000)), *map(by_clone, kinds), *map(by_thread, kinds),
                by_entering, by_descriptor)
        """,
        LINE,
    ),
    reach(
        "mounts",
        """
        os.makedirs("place", exist_ok=True)
        def mount(kind, source, target, flags):
            return lambda: call("mount", source.encode(), target.encode(), kind.encode(), flags, 0)
        def by_unmounting(): return call("umount2", os.getcwd().encode(), 2)
        def by_pivot(): return call("pivot_root", b".", b"place")
        def by_root(): return done(os.chroot, ".")
        def by_opening(): return call("fsopen", b"tmpfs", 0)
        def by_tree(): return call("open_tree", -100, b"/", 1)
        def by_moving(): return call("move_mount", -100, b"/", -100, b"place", 0)
        def by_attributes(): return call("mount_setattr", -100, b"/", 0, bytes(32), 32)
        def by_fsmount(): return call("fsmount", 0, 0, 0)
        try_all(
            mount("tmpfs", "none", "place", 0), mount("proc", "none", "place", 0), mount("", "/", "place", 0x1000),
            mount("", COURSE, "place", 0x5000), mount("", "none", ".", 0x20), mount("overlay", "none", "place", 0),
            mount("", "none", COMMON, 0x1000), by_unmounting, by_pivot, by_root, by_opening, by_tree, by_moving,
            by_attributes, by_fsmount,
        )
        """,
        LINE,
    ),
    reach(
        "io_uring",
        """
        order = ctypes.create_string_buffer(120)
        try_all(
            lambda: call("io_uring_setup", 1, order),
            lambda: call("io_uring_setup", 8, order),
            lambda: call("io_uring_enter", 0, 1, 1, 0, 0, 0),
            lambda: call("io_uring_register", 0, 0, 0, 0),
        )
        """,
        LINE,
    ),
    reach(
        "bpf",
        """
        order = ctypes.create_string_buffer(128)
        try_all(
            *(lambda command=command: call("bpf", command, order, 128) for command in (0, 5, 18, 28)),
            lambda: call("perf_event_open", order, 0, -1, -1, 0),
            lambda: call("prctl", 22, 2, 0, 0, 0),
        )
        """,
        LINE,
    ),
    reach("userfaultfd", """
        try_all(lambda: call("userfaultfd", 0), lambda: call("userfaultfd", 1), lambda: open("/dev/userfaultfd"))
        """, LINE),
    reach(
        "raised_limits",
        """
        def by_own(name):
            def way():
                limit = getattr(resource, name)
                hard = resource.getrlimit(limit)[1]
                try:
                    resource.setrlimit(limit, (hard + 1, hard + 1))
                except ValueError:
                    return None
                return hard != resource.RLIM_INFINITY
            return way
        def by_number(): return call("prlimit64", 0, 7, struct.pack("QQ", 1 << 20, 1 << 20), 0)
        def of_another(pid): return lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE)
        def for_another(pid): return lambda: done(resource.prlimit, pid, resource.RLIMIT_NOFILE, (9, 9))
        names = ("RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_CORE",
                 "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE")
        for name in names:
            print(name, resource.getrlimit(getattr(resource, name)))
        finite = all(resource.getrlimit(getattr(resource, name))[1] != resource.RLIM_INFINITY for name in names)
        others = (PARENT, GRADER, 1)
        try_all(*map(by_own, names), by_number, *map(of_another, others), *map(for_another, others), lambda: not finite)
        """,
        LINE,
    ),
    reach(
        "rights_and_users",
        """
        def by(name, *arguments):
            return lambda: done(getattr(os, name), *arguments)
        def by_rights():
            return call("capset", struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *(0xFFFFFFFF,) * 6))
        def by_keeping(): return call("prctl", 8, 1, 0, 0, 0)
        def by_bits(): return call("prctl", 28, 0x2F, 0, 0, 0)
        def by_raising(): return call("prctl", 47, 2, 21, 0, 0)
        def by_filter(): return call("prctl", 22, 2, 0, 0, 0)
        def by_dump(): return call("prctl", 4, 0, 0, 0, 0)
        def by_memory(): return call("prctl", 35, 1, 4096, 0, 0)
        def by_guise(): return call("personality", 0x0040000)
        def has_rights():
            status = open("/proc/self/status").read()
            return [line for line in status.splitlines() if line.startswith(("CapPrm", "CapEff", "CapInh", "CapAmb"))
                    and int(line.split()[1], 16)] or "NoNewPrivs:\\t1" not in status
        try_all(by("setuid", 0), by("seteuid", 0), by("setresuid", 1, 1, 1), by("setgid", 0), by("setgroups", [0]),
                by("setreuid", 0, 0), by("setresgid", 0, 0, 0), by_rights, by_keeping, by_bits, by_raising, by_filter,
                by_dump, by_memory, by_guise, has_rights)
        """,
        LINE,
    ),
    reach(
        "setuid_programs",
        """
        programs = glob.glob(COMMON + "/setuid-*") + ["/usr/bin/su", "/usr/bin/passwd", "/bin/mount", "/usr/bin/sudo"]
        def way(path):
            def run():
                found = subprocess.run([path, "-u"], capture_output=True, text=True, input="")
                return found.stdout.strip() == "0"
            return run
        try_all(*map(way, programs))
        """,
        LINE,
    ),
    reach(
        "priorities_and_processors",
        """
        others = (PARENT, GRADER)
        try_all(
            lambda: os.nice(-5), lambda: done(os.setpriority, os.PRIO_PROCESS, PARENT, 19),
            lambda: done(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1)),
            lambda: done(os.sched_setparam, 0, os.sched_param(1)),
            *(lambda pid=pid: done(os.sched_setaffinity, pid, [0]) for pid in (*others, 0)),
            lambda: call("ioprio_set", 1, PARENT, 1 << 13), lambda: call("sched_setattr", 0, bytes(48), 0),
        )
        """,
        LINE,
    ),
    reach(
        "memory_that_outlives_it",
        """
        def by_shared_memory():
            made = libc.shmget(ctypes.c_int(KEY), ctypes.c_size_t(4096), 0o1666)
            return made >= 0
        def by_attaching(): return call("shmat", 0, 0, 0)
        def by_messages(): return libc.msgget(ctypes.c_int(KEY), 0o1666) >= 0
        def by_semaphores(): return libc.semget(ctypes.c_int(KEY), 1, 0o1666) >= 0
        def by_queue(): return call("mq_open", TOKEN.encode(), 0o102, 0o600, 0)
        def by_key(): return call("add_key", b"user", TOKEN.encode(), b"word", 4, -4)
        def by_ring(): return call("keyctl", 1, TOKEN.encode())
        def by_request(): return call("request_key", b"user", TOKEN.encode(), 0, -4)
        def by_control(): return call("shmctl", 0, 14, ctypes.create_string_buffer(256))
        try_all(by_shared_memory, by_attaching, by_messages, by_semaphores, by_queue, by_key, by_ring, by_request,
                by_control)
        """,
        LINE,
    ),
    reach(
        "watching_others",
        """
        def by_notices(): return call("inotify_init1", 0)
        def by_watch(): return call("inotify_add_watch", 0, b"/tmp", 2)
        def by_old_notices(): return done(libc.inotify_init) and libc.inotify_init() >= 0
        def by_all_notices(): return call("fanotify_init", 0, 0)
        def by_counters(): return call("perf_event_open", ctypes.create_string_buffer(128), 0, -1, -1, 0)
        def by_handle(): return call("open_by_handle_at", -100, ctypes.create_string_buffer(64), 0)
        def by_name_of_a_handle():
            return call("name_to_handle_at", -100, b"/", ctypes.create_string_buffer(64), b"    ", 0)
        try_all(by_notices, by_watch, by_old_notices, by_all_notices, by_counters, by_handle, by_name_of_a_handle)
        """,
        LINE,
    ),
    reach(
        "the_machine_itself",
        """
        def by_clock(): return done(time.clock_settime, time.CLOCK_REALTIME, time.time())
        def by_name(): return libc.sethostname(b"owned", 5) == 0
        def by_domain(): return libc.setdomainname(b"owned", 5) == 0
        def by_log(): return libc.klogctl(3, ctypes.create_string_buffer(64), 64) > 0
        def by_accounting(): return libc.acct(b"accounts") == 0
        def by_swap(): return libc.swapon(b"swap", 0) == 0
        def by_quota(): return libc.quotactl(0x800002 << 8, b"/dev/vda", 0, ctypes.create_string_buffer(128)) == 0
        def by_locked_memory(): return libc.mlockall(1) == 0
        def by_sync(): return libc.vhangup() == 0
        open("swap", "wb").write(bytes(1 << 16))
        try_all(by_clock, by_name, by_domain, by_log, by_accounting, by_swap, by_quota, by_locked_memory, by_sync)
        """,
        LINE,
    ),
    reach(
        "a_filter_and_a_lock_of_its_own",
        # It may hold itself more tightly, and that must not let it out.
        """
        from autograder import landlock, linux
        def by_another_filter(): return done(seccomp.install, os.getpid())
        def by_landlock():
            landlock.restrict(["/"], [], ["/"])
            return open(HIDDEN).read()
        def by_mode(): return call("prctl", 22, 2, 0, 0, 0)
        try_all(by_another_filter, by_landlock, by_mode)
        """,
        LINE,
    ),
    *(
        once(
            f"{name}_of_a_32_bit_machine",
            f"""
            import ctypes, mmap
            code = bytes.fromhex("{code}")
            memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            memory.write(code)
            function = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
            print("answer", function())
            """,
            LINE,
            ends=ends,
            shows=shows,
        )
        for name, code, ends, shows in (
            # mov eax, 2 (fork); int 0x80; ret
            ("a_call", "b802000000cd80c3", ("ProcessEnded",), ""),
            # mov eax, 0x40000039 (fork in its x32 guise); syscall; ret
            ("the_guise", "b8390000400f05c3", (), "answer -38"),
        )
        if platform.machine() == "x86_64"
    ),
)  # fmt: skip
