"""Attacks on files: those of the course, of others, of the machine, read and changed by every way that there is.

Everything that they are after may be read and written by every user as far as its permissions go.
"""

from __future__ import annotations

import textwrap
from typing import Any

from .attack import HIJACK, Attack, once, reach

LINE = "Files"

_WAYS = '''
def ways_to_read(path):
    """All ways to the text of a file."""
    folder, name = os.path.split(path)
    def by_name(): return open(path, "rb").read()
    def by_descriptor(): return os.read(os.open(path, os.O_RDONLY), 1 << 16)
    def by_writing(): return os.open(path, os.O_RDWR)
    def by_dots(): return open("/proc/../" + path).read()
    def by_relative_name(): return open(os.path.relpath(path)).read()
    def by_place(): return open("/proc/self/fd/%d" % os.open(path, os.O_PATH), "rb").read()
    def by_place_of_its_folder():
        return os.read(os.open(name, os.O_RDONLY, dir_fd=os.open(folder, os.O_PATH | os.O_DIRECTORY)), 1 << 16)
    def by_going_there():
        here = os.getcwd()
        os.chdir(folder)
        try:
            return open(name, "rb").read()
        finally:
            os.chdir(here)
    def by_listing(): return os.listdir(folder)
    def by_own_root(): return open("/proc/self/root" + path, "rb").read()
    def by_root_of_a_thread(): return open("/proc/thread-self/root" + path, "rb").read()
    def by_root_of_the_parent(): return open("/proc/%d/root%s" % (PARENT, path), "rb").read()
    def by_root_of_the_grader(): return open("/proc/%d/root%s" % (GRADER, path), "rb").read()
    def by_symlink():
        os.symlink(path, "link")
        try:
            return open("link", "rb").read()
        finally:
            os.unlink("link")
    def by_symlink_of_a_folder():
        os.symlink(folder, "link")
        try:
            return open("link/" + name, "rb").read()
        finally:
            os.unlink("link")
    def by_hardlink():
        os.link(path, "mine")
        return open("mine", "rb").read()
    def by_hardlink_of_a_place():
        place = os.open(path, os.O_PATH)
        call("linkat", place, b"", -100, b"mine", 0x1000)
        return open("mine", "rb").read()
    def by_copy(): return open(shutil.copyfile(path, "copy"), "rb").read()
    def by_map(): return mmap.mmap(os.open(path, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:100]
    def by_numpy(): return np.fromfile(path, "uint8").tobytes()
    def by_numpy_map(): return np.memmap(path, "uint8", "r").tobytes()
    def by_tensorflow(): return tf.io.read_file(path).numpy()
    def by_data(): return list(tf.data.TextLineDataset(path).take(1))
    def by_gfile(): return tf.io.gfile.GFile(path).read()
    def by_gfile_copy():
        tf.io.gfile.copy(path, "copied", overwrite=True)
        return open("copied", "rb").read()
    def by_gfile_listing(): return tf.io.gfile.listdir(folder)
    def by_import():
        import importlib.machinery
        return importlib.machinery.SourceFileLoader("x", path).get_data(path)
    def by_lines():
        import linecache
        return linecache.getlines(path)
    def by_database(): return sqlite3.connect("file:%s?mode=ro" % path, uri=True).execute("pragma schema_version")
    def by_loader():
        try:
            return ctypes.CDLL(path)
        except OSError as error:
            return "ELF" in str(error) or "too short" in str(error)  # it was read
    def by_sendfile():
        ends = socket.socketpair()
        os.sendfile(ends[0].fileno(), os.open(path, os.O_RDONLY), 0, 1000)
        return ends[1].recv(1000)
    def by_program(): return subprocess.check_output(["cat", path])
    def by_handle(): return call("name_to_handle_at", -100, path.encode(), 0, 0, 0)
    return [way for way in locals().values() if callable(way)]

def ways_to_change(path):
    """All ways to change or remove a file. (Nothing is written where it can be opened.)"""
    def by_appending(): return os.open(path, os.O_WRONLY | os.O_APPEND)
    def by_writing(): return os.open(path, os.O_WRONLY)
    def by_updating(): return open(path, "r+b")
    def by_truncating(): return done(os.truncate, path, 0)
    def by_truncating_what_is_read(): return os.open(path, os.O_RDONLY | os.O_TRUNC)
    def by_truncating_what_is_neither(): return os.open(path, 3 | os.O_TRUNC)
    def by_tensorflow(): return done(tf.io.write_file, path, "forged")
    def by_summary(): return done(tf.io.TFRecordWriter, path)
    def by_removing(): return done(os.unlink, path)
    def by_moving(): return done(os.rename, path, "mine")
    def by_replacing():
        open("forged", "w").write("forged")
        return done(os.replace, "forged", path)
    def by_linking(): return done(os.link, path, "mine")
    def by_exchanging():
        open("forged", "w").write("forged")
        return call("renameat2", -100, b"forged", -100, path.encode(), 2)
    def by_modes():
        os.chmod(path, 0o777)
        return os.stat(path).st_mode & 0o777 == 0o777
    def by_times():
        os.utime(path, (1, 1))
        return os.stat(path).st_mtime == 1
    def by_owner():
        os.chown(path, 61_000, 61_000)
        return os.stat(path).st_uid == 61_000
    def by_attributes():
        os.setxattr(path, "user.forged", b"6")
        return os.getxattr(path, "user.forged")
    def by_a_map_of_its_writing(): return mmap.mmap(os.open(path, os.O_RDWR), 0)
    def by_place(): return os.open("/proc/self/fd/%d" % os.open(path, os.O_PATH), os.O_WRONLY)
    def by_lock(): return os.open(path, os.O_RDWR | os.O_CREAT)
    return [way for way in locals().values() if callable(way)]

def ways_to_add(folder):
    """All ways to put something into a folder."""
    path = os.path.join(folder, TOKEN)
    def by_writing(): return open(path, "w")
    def by_making(): return done(os.mkdir, path)
    def by_linking(): return done(os.symlink, "/etc/passwd", path)
    def by_moving():
        open("forged", "w").close()
        return done(os.rename, "forged", path)
    def by_moving_a_folder():
        os.makedirs("folder", exist_ok=True)
        return done(os.rename, "folder", path)
    def by_hard_link():
        open("forged", "w").close()
        return done(os.link, "forged", path)
    def by_pipe(): return done(os.mkfifo, path)
    def by_device(): return done(os.mknod, path, 0o60600, 0)
    def by_nameless_file(): return os.open(folder, os.O_TMPFILE | os.O_RDWR)
    def by_tempfile(): return tempfile.NamedTemporaryFile(prefix=TOKEN, dir=folder)
    def by_tensorflow(): return done(tf.io.write_file, path, "forged")
    def by_gfile(): return done(tf.io.gfile.mkdir, path)
    return [way for way in locals().values() if callable(way)]
'''


def files(name: str, cell: str, **rest: Any) -> Attack:
    """An attack on files that knows :data:`_WAYS`."""
    return reach(name, _WAYS + textwrap.dedent(cell), LINE, **rest)


ATTACKS: tuple[Attack, ...] = (
    files("hidden_checks_read", "try_all(*ways_to_read(HIDDEN))"),
    files("hidden_checks_changed", "try_all(*ways_to_change(HIDDEN), *ways_to_add(os.path.dirname(HIDDEN)))"),
    files(
        "hidden_checks_imported",
        """
        import importlib, pkgutil, runpy
        sys.path[:0] = [os.path.dirname(HIDDEN), COURSE]
        def by_import(): return done(importlib.import_module, "hidden")
        def by_path(): return runpy.run_path(HIDDEN)
        def by_search(): return list(pkgutil.iter_modules([os.path.dirname(HIDDEN)]))
        def by_magic():
            get_ipython().run_line_magic("load", HIDDEN)
        def by_glob(): return glob.glob(COURSE + "/**", recursive=True)[1:]
        def by_walk(): return [found for found in os.walk(COURSE)]
        def by_matching(): return [found for found in tf.io.gfile.glob(COURSE + "/*/*/*/*/*")]
        REFUSED = (*REFUSED, ImportError)
        try_all(by_import, by_path, by_search, by_magic, by_glob, by_walk, by_matching)
        """,
        shows=r"nothing came of 7 of 7 ways",
    ),
    files("reference_read", "try_all(*ways_to_read(SOURCE))"),
    files("reference_changed", "try_all(*ways_to_change(SOURCE), *ways_to_add(os.path.dirname(SOURCE)))"),
    files("gradebook_read", "try_all(*ways_to_read(GRADEBOOK))"),
    files(
        "gradebook_changed",
        """
        def by_trigger():
            database = sqlite3.connect(GRADEBOOK)
            database.execute("create trigger cheat after update on grade begin update grade set auto_score = 8; end")
            return done(database.commit)
        def by_update():
            with sqlite3.connect(GRADEBOOK, isolation_level=None) as database:
                return database.execute("update grade set auto_score = 8")
        def by_attaching():
            return sqlite3.connect("mine.db").execute("attach database ? as theirs", (GRADEBOOK,))
        def by_journal(): return open(GRADEBOOK + "-journal", "wb")
        try_all(by_trigger, by_update, by_attaching, by_journal, *ways_to_change(GRADEBOOK))
        """,
    ),
    files("another_submission_read", "try_all(*ways_to_read(OTHER))"),
    files("another_submission_changed", "try_all(*ways_to_change(OTHER), *ways_to_add(os.path.dirname(OTHER)))"),
    files("a_submission_in_the_name_of_another", "try_all(*ways_to_add(COURSE + '/submitted'), *ways_to_add(COURSE))"),
    files("feedback_of_another", "try_all(*ways_to_read(FEEDBACK), *ways_to_change(FEEDBACK))"),
    files("configuration_of_nbgrader", "try_all(*ways_to_read(CONFIG), *ways_to_change(CONFIG))"),
    files("visible_checks_and_settings_changed", """
        checks = os.path.dirname(HIDDEN)
        settings = os.path.join(os.path.dirname(checks), "settings.toml")
        try_all(*ways_to_change(checks + "/visible.py"), *ways_to_change(settings))
        """),
    files(
        "symlinks_for_the_clean_up",
        # The grader removes the folder later: it must not follow what lies in it.
        """
        for name, place in (("a", COURSE), ("b", HIDDEN), ("c", COMMON), ("d", "/"), ("e", ".."), ("f", "/proc/self")):
            os.symlink(place, name)
            os.makedirs("deep/" + name)
            os.symlink(place, "deep/%s/link" % name)
        def by_own_folder(): return done(os.rename, os.getcwd(), os.getcwd() + "-moved")
        def by_exchange_of_its_folder():
            here = os.getcwd()
            os.rmdir(here)
            return done(os.symlink, COURSE, here)
        try_all(by_own_folder, by_exchange_of_its_folder)
        """,
    ),
    files("folders_without_permissions_for_the_clean_up", """
        os.makedirs("a/b/c")
        open("a/b/c/f", "w").close()
        for path in ("a/b/c/f", "a/b/c", "a/b", "a"):
            os.chmod(path, 0)
        os.mkdir("d", 0)
        print("made", sorted(os.listdir()))
        """, ends=None, shows=r"made \['|ResourceLimit"),
    files("hardlinks", """
        places = (HIDDEN, SOURCE, GRADEBOOK, OTHER, CONFIG, HOME + "/.netrc", COMMON + "/.netrc", np.__file__)
        try_all(*(lambda place=place: done(os.link, place, "hard-" + os.path.basename(place)) for place in places))
        """),
    files(
        "proc_of_the_parent",
        """
        names = ("environ", "mem", "maps", "map_files", "fd", "fdinfo", "cwd", "root", "exe", "cmdline", "auxv",
                 "stack", "syscall", "task", "io", "pagemap", "personality", "smaps", "stat", "status", "wchan",
                 "mountinfo", "oom_score_adj", "comm", "net/tcp", "ns/net", "clear_refs", "coredump_filter",
                 "autogroup")
        def way(pid, name):
            path = "/proc/%s/%s" % (pid, name)
            def read():
                if os.path.islink(path):
                    return os.readlink(path)
                return os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(100)
            return read
        def opened(pid, name):
            return lambda: os.open("/proc/%s/%s" % (pid, name), os.O_WRONLY)
        others = (PARENT, GRADER, 1)
        try_all(*(way(pid, name) for pid in others for name in names),
                *(opened(pid, name) for pid in others for name in ("mem", "oom_score_adj", "comm", "clear_refs")))
        """,
    ),
    files(
        "proc_of_every_process",
        """
        numbers = {*range(1, 400), *range(GRADER - 50, GRADER + 300), *range(PARENT, PARENT + 300)}
        def by_listing(): return os.listdir("/proc")
        def by_guessing(name):
            def way():
                found = []
                for pid in numbers - {os.getpid()}:
                    try:
                        found.append(open("/proc/%d/%s" % (pid, name), "rb").read(100) or pid)
                    except OSError:
                        pass
                return found
            return way
        def by_links():
            found = []
            for pid in numbers - {os.getpid()}:
                for name in ("cwd", "root", "exe", "fd/0"):
                    try:
                        found.append(os.readlink("/proc/%d/%s" % (pid, name)))
                    except OSError:
                        pass
            return found
        try_all(by_listing, by_links, *map(by_guessing, ("environ", "mem", "cmdline", "fd")))
        """,
    ),
    files(
        "descriptors_of_the_grader",
        """
        held = "/proc/%d/fd/%d" % (GRADER, HELD)
        def by_all():
            found = []
            for number in range(64):
                for pid in (GRADER, PARENT):
                    try:
                        found.append(os.open("/proc/%d/fd/%d" % (pid, number), os.O_RDONLY))
                    except OSError:
                        pass
            return found
        def by_own():
            found = []
            for number in range(3, 256):
                try:
                    found.append(os.pread(number, 1000, 0))
                except OSError:
                    pass
            return [text for text in found if b"C4N" + b"4RY" in text]
        def by_pidfd(): return call("pidfd_getfd", call("pidfd_open", GRADER, 0), HELD, 0)
        def by_dev(): return open("/dev/fd/%d" % HELD).read()
        try_all(lambda: open(held).read(), lambda: os.readlink(held), by_all, by_own, by_pidfd, by_dev)
        """,
    ),
    files("shared_memory_of_others", """
        try_all(
            lambda: open(SHARED).read(),
            lambda: [name for name in os.listdir("/dev/shm") if TOKEN in name],
            lambda: open(SHARED, "r+"),
            lambda: done(os.truncate, SHARED, 0),
            lambda: done(os.unlink, SHARED),
            lambda: os.open("/dev/shm/" + os.path.basename(SHARED), os.O_RDWR),
        )
        """),
    files(
        "shared_memory_left",
        # Where it is the worker's own, it works and goes with it.
        """
        from multiprocessing import shared_memory
        def by_writing():
            open("/dev/shm/" + TOKEN, "w").write("a word for the next one")
        def by_memory():
            shared_memory.SharedMemory(TOKEN + "-memory", create=True, size=4096).buf[:4] = b"word"
        def by_semaphore():
            import multiprocessing
            multiprocessing.Lock().acquire()
        try_all(by_writing, by_memory, by_semaphore)
        """,
    ),
    files("shared_memory_found", """
        from multiprocessing import shared_memory
        try_all(
            lambda: open("/dev/shm/" + TOKEN).read(),
            lambda: shared_memory.SharedMemory(TOKEN + "-memory").buf[:4],
        )
        """),
    files("shared_temporary_folder", """
        try_all(*ways_to_add("/tmp"), *ways_to_add("/var/tmp"), *ways_to_add(COMMON), *ways_to_read(COMMON + "/.netrc"),
                lambda: os.listdir("/tmp"), lambda: os.listdir(COMMON), *ways_to_change(COMMON + "/.netrc"))
        """),
    files(
        "folders_beside_its_own",
        """
        own = os.getcwd()
        base = os.path.dirname(own)
        try_all(
            *ways_to_add(base),
            *ways_to_add(os.path.dirname(base)),
            *ways_to_change(base + "/canary"),
            lambda: os.listdir(base),
            lambda: os.listdir(os.path.dirname(base)),
            lambda: glob.glob(os.path.dirname(base) + "/*"),
            lambda: done(os.rmdir, base),
            lambda: done(os.rename, base, base + TOKEN),
        )
        """,
    ),
    files(
        "packages_changed",
        """
        import autograder, autograder.expect, encodings, tensorflow
        folders = {os.path.dirname(module.__file__) for module in (np, autograder, encodings, tensorflow)}
        folders |= {path for path in sys.path if path.endswith("site-packages")}
        try_all(
            *(way for module in (np, autograder.expect, encodings) for way in ways_to_change(module.__file__)),
            *(way for folder in folders for way in ways_to_add(folder)),
            lambda: open(os.path.join(np.__path__[0], "__pycache__", TOKEN), "w"),
        )
        """,
    ),
    files("tests_of_the_project", """
        import autograder
        project = os.path.dirname(autograder.__path__[0])
        def by_listing(): return os.path.basename(project) != "site-packages" and os.listdir(project)
        def by_name(): return open(project + "/nbgrader_config.py").read()
        try_all(by_listing, by_name, lambda: os.listdir(project + "/tests"))
        """),
    files("passwords", """
        import getpass, pwd
        def by_names(): return [entry for entry in pwd.getpwall() if entry.pw_shell]
        def by_user():
            try:
                return pwd.getpwuid(0)
            except KeyError:
                return None
        secret = ("/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh/sshd_config")
        ways = (lambda path=path: open(path).read() for path in secret)
        try_all(*ways_to_read("/etc/passwd"), by_names, by_user, *ways)
        """),
    files("home", """
        try_all(*ways_to_read(HOME + "/.netrc"), *ways_to_change(HOME + "/.netrc"), *ways_to_add(HOME),
                lambda: os.listdir("/root"), lambda: os.listdir("/home"),
                lambda: glob.glob("/root/*") + glob.glob("/home/*"),
                lambda: open(os.path.expanduser("~root/.bashrc")).read())
        """),
    files("what_the_machine_runs_later", """
        folders = ("/etc", "/etc/cron.d", "/etc/init.d", "/etc/systemd/system", "/var/spool/cron", "/usr/local/bin",
                   "/bin", "/usr/lib", "/root", "/home", "/var/lib", "/run", "/opt", "/srv", "/", "/boot", "/dev")
        try_all(*(way for folder in folders for way in ways_to_add(folder)))
        """),
    files(
        "devices",
        """
        names = ("mem", "kmem", "port", "kmsg", "tty", "console", "ptmx", "fuse", "kvm", "sda", "vda", "nvme0n1",
                 "loop0", "loop-control", "net/tun", "mapper/control", "vhost-net", "uinput", "rtc0", "userfaultfd",
                 "pts/0", "hpet")
        def way(name, flags):
            return lambda: os.open("/dev/" + name, flags)
        try_all(*(way(name, flags) for name in names for flags in (os.O_RDONLY, os.O_WRONLY | os.O_NONBLOCK)))
        """,
    ),
    files(
        "settings_of_the_kernel",
        # They are only opened: to write to one of them would be the end of the machine.
        """
        names = ("/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/kcore",
                 "/proc/sys/vm/drop_caches", "/sys/kernel/uevent_helper", "/sys/power/state",
                 "/proc/self/oom_score_adj",
                 "/proc/self/uid_map", "/proc/self/setgroups", "/proc/self/mem", "/proc/self/clear_refs",
                 "/sys/fs/cgroup/cgroup.procs", "/proc/self/attr/current", "/proc/irq/default_smp_affinity")
        def way(name):
            return lambda: os.open(name, os.O_WRONLY)
        secret = ("/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/slabinfo", "/proc/mounts", "/proc/self/mountinfo",
                  "/proc/net/tcp", "/proc/net/unix", "/sys/kernel/debug", "/sys/class/net", "/boot", "/proc/config.gz")
        def read(name):
            return lambda: os.listdir(name) if os.path.isdir(name) else open(name, "rb").read(100)
        try_all(*map(way, names), *map(read, secret))
        """,
    ),
    files(
        "environment_of_the_grader",
        """
        def by_own():
            beginnings = ("AUTOGRADER", "SECRET", "AWS", "PYTEST", "NBGRADER")
            return [name for name in os.environ if name.startswith(beginnings)]
        def by_libc():
            names = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
            found, index = [], 0
            while names[index]:
                found.append(names[index])
                index += 1
            return [name for name in found if name.startswith(b"AUTOGRADER")]
        def by_expansion(): return os.path.expandvars("$AUTOGRADER_SECRET").strip("$") != "AUTOGRADER_SECRET"
        def by_start(): return b"AUTOGRADER" in open("/proc/self/environ", "rb").read()
        def by_parent(): return open("/proc/%d/environ" % PARENT, "rb").read()
        def by_grader(): return open("/proc/%d/environ" % GRADER, "rb").read()
        def by_thread(): return open("/proc/%d/task/%d/environ" % (GRADER, GRADER), "rb").read()
        try_all(by_own, by_libc, by_expansion, by_start, by_parent, by_grader, by_thread)
        """,
    ),
    files(
        "a_writer_that_acts_later",
        """
        import atexit, sys, weakref
        def write(*ignored):
            for folder in (COMMON, HOME, COURSE, "/tmp", ".."):
                for name in (TOKEN, "gradebook.db", ".netrc"):
                    try:
                        open(os.path.join(folder, name), "a").write("forged")
                    except OSError:
                        pass
        def nag():
            while True:
                write()
                time.sleep(0.01)
        threading.Thread(target=nag, daemon=True).start()
        threading.Thread(target=nag).start()
        threading.Timer(0.05, write).start()
        atexit.register(write)
        os.register_at_fork(before=write)
        signal.signal(signal.SIGALRM, write)
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.05)
        signal.signal(signal.SIGTERM, write)
        kept = type("Kept", (), {"__del__": write})()
        write()
        try_all()
        """,
    ),
    files(
        "a_detached_writer",
        """
        place = COMMON + "/" + TOKEN
        writer = "import time\\nfor _ in range(300): open(%r, 'a').write('forged'); time.sleep(0.1)" % place
        def by_fork():
            if not os.fork():
                try:
                    exec(writer)
                finally:
                    os._exit(0)
            return True
        def by_daemon():
            if not os.fork():
                os.setsid()
                if not os.fork():
                    exec(writer)
                os._exit(0)
            return True
        def by_program(): return subprocess.Popen([sys.executable, "-c", writer], start_new_session=True)
        def by_nohup(): return os.system("nohup sleep 30 &") == 0
        def by_at(): return subprocess.run(["at", "now"], input=b"touch " + TOKEN.encode())
        try_all(by_fork, by_daemon, by_program, by_nohup, by_at)
        """,
    ),
    once(
        "descriptors_sent_over_the_channel",
        HIJACK
        + """
ours = [os.open(".", os.O_RDONLY) for _ in range(16)]
def sent(message):
    frame = really(message)
    socket.send_fds(channel, [frame[:1]], ours)
    return frame[1:]
wire.pack = sent
""",
        LINE,
        told="values differ",
    ),
)  # fmt: skip
