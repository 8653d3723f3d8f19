/**
 * The program that calls one hook of a build backend (PEP 517, 660) in the build environment's interpreter. It reads a request
 * and writes an answer, each a JSON file, so that the backend may print what it likes. Runs on every Python from 3.7 on.
 *
 * The leader of the process group runs nothing of the backend: it waits for the process that does, notes how that one ended in
 * `ending`, and ends the whole group, itself included. It does so too when the process dies that holds the other end of its pipe.
 * No moment is left in which something of the build could live on alone.
 *
 * Modules that take long to load (`json`, `signal`) are left to those who need them: JSON that `JSON.stringify` wrote is Python, too.
 */
export const HOOK_SCRIPT: string = String.raw`import importlib
import os
import sys

SIGKILL = 9


def end_group():
    os.killpg(os.getpgrp(), SIGKILL)


def end_with_starter(descriptor):
    while os.read(descriptor, 1):
        pass
    end_group()


def guard(descriptor, folder):
    worker = os.fork()
    if worker == 0:
        os.close(descriptor)
        return
    import _thread

    _thread.start_new_thread(end_with_starter, (descriptor,))
    status = os.waitpid(worker, 0)[1]
    how = "signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "exit %d" % os.WEXITSTATUS(status)
    with open(os.path.join(folder, "ending"), "w") as file:
        file.write(how)
    end_group()


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


def stand_in(request, backend):
    names = {"__file__": request["standIn"]}
    with open(request["standIn"], encoding="utf-8") as file:
        exec(compile(file.read(), request["standIn"], "exec"), names)
    hook = names.get(request["hook"])
    return hook and (lambda **arguments: hook(backend, **arguments))


def answer_of(request):
    try:
        backend = find_backend(request["backend"], request["backendPath"])
    except (ImportError, AttributeError):
        import traceback

        return {"outcome": "no-backend", "detail": traceback.format_exc()}
    hook = getattr(backend, request["hook"], None)
    if hook is None and request["standIn"]:
        hook = stand_in(request, backend)
    if hook is None:
        return {"outcome": "no-hook"}
    return {"outcome": "value", "value": hook(**request["arguments"])}


def main():
    folder = sys.argv[1]
    del sys.path[0]
    if hasattr(os, "fork"):
        guard(3, folder)
    with open(os.path.join(folder, "request.json"), encoding="utf-8") as file:
        request = eval(file.read(), {"null": None, "true": True, "false": False})
    sys.argv = [sys.argv[0]]
    answer = answer_of(request)
    if answer["outcome"] == "no-backend":
        sys.stderr.write(answer["detail"])
    import json

    with open(os.path.join(folder, "answer.json"), "w", encoding="utf-8") as file:
        json.dump(answer, file)


main()
`;
