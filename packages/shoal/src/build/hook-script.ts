/**
 * The program that calls one hook of a build backend (PEP 517, 660) in the build environment's interpreter. It reads a request
 * and writes an answer, each a JSON file, so that the backend may print what it likes. Runs on every Python from 3.7 on.
 *
 * A pipe is held open by the process that started it: when that one dies, the whole process group of the build ends.
 */
export const HOOK_SCRIPT: string = String.raw`import importlib
import json
import os
import signal
import sys
import threading
import traceback


def end_with_starter(descriptor):
    os.set_inheritable(descriptor, False)

    def watch():
        while os.read(descriptor, 1):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def find_backend(name, folders):
    sys.path[:0] = [os.path.abspath(folder) for folder in folders]
    module, _, attribute = name.partition(":")
    backend = importlib.import_module(module)
    if folders:
        places = [os.path.abspath(folder) + os.sep for folder in folders]
        source = os.path.abspath(getattr(backend, "__file__", None) or "")
        if not any(source.startswith(place) for place in places):
            raise ImportError("%s was not found in backend-path" % module)
    for part in filter(None, attribute.split(".")):
        backend = getattr(backend, part)
    return backend


def answer_of(request):
    try:
        backend = find_backend(request["backend"], request["backendPath"])
    except (ImportError, AttributeError):
        return {"outcome": "no-backend", "detail": traceback.format_exc()}
    hook = getattr(backend, request["hook"], None)
    if hook is None:
        return {"outcome": "no-hook"}
    return {"outcome": "value", "value": hook(**request["arguments"])}


def main():
    folder = sys.argv[1]
    del sys.path[0]
    if hasattr(os, "killpg"):
        end_with_starter(3)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = json.load(file)
    sys.argv = [sys.argv[0]]
    answer = answer_of(request)
    if answer["outcome"] == "no-backend":
        sys.stderr.write(answer["detail"])
    with open(os.path.join(folder, "answer.json"), "w", encoding="utf-8") as file:
        json.dump(answer, file)


main()
`;
