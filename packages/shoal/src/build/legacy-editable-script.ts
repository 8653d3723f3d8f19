/**
 * Editable wheels of a setuptools that knows none (before release 64, PEP 660), made as its command `develop` works: metadata and
 * extension modules in the source tree itself, and a path file that leads to it. Each function stands in for the hook of its name.
 */
export const LEGACY_EDITABLE_SCRIPT: string = String.raw`def get_requires_for_build_editable(backend, config_settings=None):
    return backend.get_requires_for_build_wheel(config_settings)


def prepare_metadata_for_build_editable(backend, metadata_directory, config_settings=None):
    return backend.prepare_metadata_for_build_wheel(metadata_directory, config_settings)


def build_editable(backend, wheel_directory, config_settings=None):
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        info = backend.prepare_metadata_for_build_wheel(folder, config_settings)
        distribution = develop()
        base = os.path.abspath(distribution.get_command_obj("egg_info").egg_base or ".")
        return pack(wheel_directory, os.path.join(folder, info), base, distribution.scripts or [])


def develop():
    import os
    import sys

    import setuptools
    from distutils.core import run_setup

    sys.path.insert(0, os.getcwd())
    if os.path.exists("setup.py"):
        script = "setup.py"
    else:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "setup.py")
        with open(script, "w") as file:
            file.write("import setuptools; setuptools.setup()")
    return run_setup(script, ["egg_info", "build_ext", "--inplace"])


def pack(wheel_directory, info, base, scripts):
    import base64
    import hashlib
    import os
    import zipfile

    folder = os.path.basename(info)
    stem = folder[: -len(".dist-info")]
    contents = {"__editable__.%s.pth" % stem: (base + "\n").encode()}
    for name in os.listdir(info):
        with open(os.path.join(info, name), "rb") as file:
            contents["%s/%s" % (folder, name)] = file.read()
    for script in scripts:
        with open(script, "rb") as file:
            contents["%s.data/scripts/%s" % (stem, os.path.basename(script))] = file.read()
    wheel = "Wheel-Version: 1.0\nGenerator: setuptools develop\nRoot-Is-Purelib: false\nTag: py3-none-any\n"
    contents["%s/WHEEL" % folder] = wheel.encode()
    contents.pop("%s/RECORD" % folder, None)
    lines = []
    for name, content in sorted(contents.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        lines.append("%s,sha256=%s,%d\n" % (name, digest, len(content)))
    contents["%s/RECORD" % folder] = ("".join(lines) + "%s/RECORD,,\n" % folder).encode()
    filename = "%s-py3-none-any.whl" % stem
    with zipfile.ZipFile(os.path.join(wheel_directory, filename), "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return filename
`;
