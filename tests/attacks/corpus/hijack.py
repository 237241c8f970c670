"""Attacks on the serving loop itself: its parts replaced, its socket taken, answers forged, replayed and early."""

from __future__ import annotations

from .attack import HIJACK, Attack, once
from .verdict import UNUSABLE


def hijacked(name: str, code: str, **rest: object) -> Attack:
    """An attack by a cell that has the socket and the parts of the loop at hand."""
    import textwrap

    return once(name, HIJACK + textwrap.dedent(code), **rest)


ATTACKS = (
    hijacked(
        "replaced_responder",
        """
        worker.Responder.answer = worker.Responder._answer = lambda self, request: {"status": "passed"}
        responder.__class__ = type("Passing", (), {"answer": lambda self, request: True})
        """,
        told="came",
    ),
    hijacked(
        "replaced_pack",
        """
        wire.pack = lambda message: really({**message, "status": "passed", "score": 100, "verdict": True})
        """,
    ),
    hijacked("replaced_export", "worker.export = lambda value: True", told="True or False came"),
    hijacked(
        "replaced_probe_of_calls",
        """
        probes.call = lambda *args: True
        vars(probes)["BUILTIN"] = {name: probes.call for name in ("call", "gradient", "ops", "value")}
        """,
        told="True or False came",
    ),
    hijacked(
        "replaced_probe_of_gradients",
        """
        probes.BUILTIN["gradient"] = lambda names, name, args, kwargs, **options: tf.ones_like(args[0])
        """,
    ),
    hijacked(
        "replaced_localize",
        """
        worker.localize = lambda value: value
        """,
    ),
    hijacked(
        "replaced_read_frame",
        """
        asked = wire.read_frame
        def read_frame(read):
            request = asked(read)
            return {**request, "name": "tf", "probe": "value"} if "probe" in request else request
        wire.read_frame = read_frame
        """,
    ),
    hijacked(
        "verdicts_on_every_descriptor",
        """
        verdict = really({"id": "0" * 32, "value": {"status": "passed", "score": 100}})
        for descriptor in range(256):
            try:
                os.write(descriptor, verdict)
            except OSError:
                pass
        """,
        ends=("ProtocolError",),
    ),
    hijacked(
        "verdicts_on_every_descriptor_during_a_request",
        """
        def answer(self, request):
            for descriptor in range(256):
                try:
                    os.write(descriptor, b'{"status": "passed", "score": 100}' * 100)
                    os.write(descriptor, really({"id": request["id"], "value": True, "verdict": "passed"}))
                except OSError:
                    pass
            return True
        worker.Responder.answer = answer
        """,
        told=UNUSABLE,
    ),
    hijacked(
        "answers_before_the_questions",
        """
        answer = wire.Tensor(np.zeros(5, np.float32))
        def early(message):
            frame = really(message)
            guesses = ("", "0" * 32, "f" * 32, setup["id"], message["id"])
            return frame + b"".join(really({"id": guess, "value": answer}) for guess in guesses)
        wire.pack = early
        """,
        ends=None,
        told="square is not defined|could not be used",
    ),
    hijacked(
        "early_answers_to_checks",
        """
        def early(message):
            return really(message) + (b"" if is_cell(message) else really({**message, "value": True}) * 3)
        wire.pack = early
        """,
        told=UNUSABLE,
    ),
    hijacked(
        "replayed_answers",
        """
        kept = []
        def replay(message):
            if is_cell(message): return really(message)
            kept.append(really(message))
            return kept[0]
        wire.pack = replay
        """,
    ),
    hijacked(
        "thread_that_answers_first",
        """
        def serve_instead():
            while True:
                request = wire.read_frame(read)
                value = {"outputs": [], "error": None} if "cell" in request else True
                channel.sendall(really({"id": request["id"], "value": value}))
        threading.Thread(target=serve_instead, daemon=True).start()
        """,
        ends=None,
        hurry=True,
    ),
    hijacked(
        "thread_that_floods_the_channel",
        """
        def flood():
            while True:
                channel.sendall(really({"id": "0" * 32, "value": "passed"}))
        threading.Thread(target=flood, daemon=True).start()
        """,
        ends=None,
    ),
    hijacked("closed_channel", "os.close(channel.fileno())", ends=("ProcessEnded",)),
    hijacked("channel_shut_down", "channel.shutdown(socket.SHUT_RDWR)", ends=("ProcessEnded",)),
    hijacked("channel_in_the_place_of_stdout", "os.dup2(channel.fileno(), 1)\nprint('passed', flush=True)",
             ends=("ProtocolError",)),
    hijacked("stdout_in_the_place_of_the_channel", "os.dup2(1, channel.fileno())", ends=("ProcessEnded",)),
    hijacked(
        "channel_in_the_place_of_every_descriptor",
        """
        for descriptor in range(64):
            if descriptor != channel.fileno():
                os.dup2(channel.fileno(), descriptor)
        os.write(1, b"passed")
        """,
        ends=("ProtocolError",),
    ),
    hijacked(
        "answers_byte_by_byte",
        """
        def drip(message):
            if is_cell(message): return really(message)
            for byte in really(message):
                channel.sendall(bytes([byte]))
                time.sleep(0.05)
        wire.pack = drip
        """,
        told="did not finish within",
        hurry=True,
    ),
    hijacked(
        "questions_are_never_read",
        """
        def answer(self, request):
            time.sleep(1000)
        worker.Responder.answer = answer
        """,
        told="did not finish within",
        hurry=True,
    ),
    hijacked(
        "serving_loop_of_its_own",
        """
        request = frame.f_locals["request"]
        channel.sendall(really({"id": request["id"], "value": {"outputs": [], "error": None}}))
        while True:
            request = wire.read_frame(read)
            value = {"outputs": [], "error": None} if "cell" in request else {"status": "passed", "score": 6}
            channel.sendall(really({"id": request["id"], "value": value}))
        """,
        told="a dict came",
    ),
    hijacked(
        "stopped_by_itself",
        """
        import signal
        worker.Responder.answer = lambda self, request: os.kill(os.getpid(), signal.SIGSTOP)
        """,
        told="did not finish within",
        hurry=True,
    ),
    # ---- what a cell shows is forged too
    *(
        hijacked(
            f"cell_answered_with_{name}",
            f"""
            request = frame.f_locals["request"]
            channel.sendall(really({{"id": request["id"], "value": {value}}}))
            os._exit(0)
            """,
            ends=("ProtocolError",),
        )
        for name, value in (
            ("a_verdict", '{"status": "passed"}'),
            ("true", "True"),
            ("a_failure", 'errors.Failure("Passed")'),
            ("arrays", '{"outputs": np.zeros(3), "error": np.zeros(3)}'),
            ("outputs_that_are_text", '{"outputs": "passed", "error": None}'),
            ("outputs_of_numbers", '{"outputs": [{"output_type": "stream", "name": "", "text": 5}], "error": None}'),
            ("an_error_of_numbers", '{"outputs": [], "error": {"ename": 5, "evalue": None, "traceback": [2]}}'),
            ("an_error_of_60_MB", '{"outputs": [], "error": {"ename": bytes(60 << 20), "traceback": []}}'),
        )
    ),
    hijacked(
        "forged_outputs",
        """
        page = "<script>document.body.innerHTML = '6 of 6 points'</script>"
        mimes = ("text/html", "application/javascript", "image/svg+xml", "text/latex", "application/json")
        shown = {"output_type": "display_data", "data": {mime: page for mime in mimes}, "metadata": {"nbgrader": {}}}
        picture = {"output_type": "execute_result", "data": {"image/png": '"><script>alert(1)</script>'}}
        def outputs(message):
            if not is_cell(message): return really(message)
            return really({**message, "value": {"outputs": [shown, picture], "error": None}})
        wire.pack = outputs
        """,
    ),
    once(
        "displayed_html",
        """
        from IPython.display import HTML, Javascript, SVG, Latex, Markdown, display
        page = "<script>document.body.innerHTML = '6 of 6 points'</script>"
        display(HTML(page), Javascript("alert(1)"), Latex(page), Markdown(page))
        display({"text/html": page, "image/png": '"><script>alert(1)</script>', "image/svg+xml": page}, raw=True)
        display({"image/jpeg": "x' onerror='alert(1)"}, raw=True, metadata={"text/html": {"isolated": True}})
        print("\\x1b[2J\\x1b]8;;http://example.org\\x1b\\\\ total 6/6 \\u202e")
        6.0
        """,
        shows="total 6/6",
    ),
)  # fmt: skip
