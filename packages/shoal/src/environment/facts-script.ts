/**
 * The program that an interpreter runs to describe itself: Python 3.7 to 3.15, CPython and others. Older ones can read far
 * enough to say that they are too old. It reads nothing, writes one line, and frames it with its argument, so that what
 * site customisations print around it does no harm.
 *
 * The result is `{"facts": ReportedFacts}` or `{"refusal": {"kind", "detail"}}`.
 */
export const FACTS_SCRIPT: string = String.raw`
import sys
FRAME = sys.argv[1]

def answer(key, value):
    import json
    sys.stdout.write("\n" + FRAME + json.dumps({key: value}) + FRAME + "\n")
    sys.stdout.flush()
    sys.exit(0)

def refuse(kind, detail):
    answer("refusal", {"kind": kind, "detail": detail})

if sys.version_info < (3, 7):
    refuse("too-old", "%d.%d.%d" % tuple(sys.version_info[:3]))

import os
import platform
import re
import struct
import subprocess
import sysconfig

POINTER_BITS = struct.calcsize("P") * 8
MINOR = "%d.%d" % tuple(sys.version_info[:2])
BASE_PREFIX = getattr(sys, "real_prefix", None) or sys.base_prefix
IS_VIRTUAL = sys.prefix != BASE_PREFIX
IMPLEMENTATION = sys.implementation.name

def implementation_version():
    # These two call the version of the language their own; the cache tag has it.
    match = re.match(r"(?:graalpy|pyston-)(\d)(\d+)", sys.implementation.cache_tag or "")
    if IMPLEMENTATION in ("graalpy", "pyston") and match:
        return "%s.%s" % match.groups()
    info = sys.implementation.version
    text = "%d.%d.%d" % (info[0], info[1], info[2])
    return text if info[3] == "final" else text + info[3][0] + str(info[4])

def named_scheme(name, **overrides):
    return sysconfig.get_paths(name, vars=overrides) if overrides else sysconfig.get_paths(name)

def scheme_of(paths, headers):
    return {"purelib": paths["purelib"], "platlib": paths["platlib"], "scripts": paths["scripts"], "data": paths["data"], "headers": headers}

def distutils_scheme():
    # Before 3.10, distributors changed distutils rather than sysconfig.
    from distutils.command.install import SCHEME_KEYS, install
    from distutils.dist import Distribution
    distribution = Distribution({"name": "x"})
    distribution.parse_config_files()
    command = distribution.get_command_obj("install", create=True)
    command.finalize_options()
    return dict((key, getattr(command, "install_" + key)) for key in SCHEME_KEYS)

def own_scheme():
    paths = None
    if sys.version_info < (3, 10) and not IS_VIRTUAL:
        try:
            paths = distutils_scheme()
        except Exception:
            refuse("no-distutils", MINOR)
    headers = os.path.dirname(paths["headers"]) if paths else None
    paths = paths or sysconfig.get_paths()
    if IS_VIRTUAL:
        headers = os.path.join(sys.prefix, "include", "site", "python" + MINOR)
    return scheme_of(paths, headers or paths["include"])

def virtual_scheme():
    names = sysconfig.get_scheme_names()
    wanted = ["venv", "pypy" if IMPLEMENTATION == "pypy" else None, "nt" if os.name == "nt" else "posix_prefix"]
    name = [one for one in wanted if one in names][0]
    paths = named_scheme(name, base="", platbase="", installed_base="", installed_platbase="")
    paths = dict((key, value.lstrip("/\\")) for key, value in paths.items())
    return scheme_of(dict(paths, data=""), os.path.join("include", "site", "python" + MINOR))

def read_elf(path):
    """(machine, flags, loader) of an ELF program, or None."""
    with open(path, "rb") as file:
        ident = file.read(16)
        if ident[:4] != b"\x7fELF":
            return None
        order = "<" if ident[5] == 1 else ">"
        wide = ident[4] == 2
        head = struct.Struct(order + ("HHIQQQIHHH" if wide else "HHIIIIIHHH"))
        fields = head.unpack(file.read(head.size))
        machine, table, flags, size, count = fields[1], fields[4], fields[6], fields[8], fields[9]
        for index in range(count):
            file.seek(table + index * size)
            entry = struct.Struct(order + ("IIQQQQ" if wide else "IIIIII"))
            part = entry.unpack(file.read(entry.size))
            if part[0] == 3:
                start, length = (part[2], part[5]) if wide else (part[1], part[4])
                file.seek(start)
                return machine, flags, os.fsdecode(file.read(length)).strip("\0")
    return machine, flags, ""

def musl_version(loader):
    if "musl" not in loader:
        return None
    child = subprocess.Popen([loader], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True)
    match = re.search(r"^Version (\d+)\.(\d+)", child.communicate()[1], re.M)
    return match and [int(match.group(1)), int(match.group(2))]

def glibc_version():
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, OSError, ValueError):
        text = None
    if not text:
        try:
            import ctypes
            version = ctypes.CDLL(None).gnu_get_libc_version
            version.restype = ctypes.c_char_p
            text = version().decode()
        except Exception:
            return None
    match = re.search(r"(\d+)\.(\d+)", text)
    return match and [int(match.group(1)), int(match.group(2))]

def linux_platform():
    arch = sysconfig.get_platform().split("-", 1)[-1].replace("-", "_")
    if POINTER_BITS == 32:
        arch = {"x86_64": "i686", "aarch64": "armv7l", "armv8l": "armv7l"}.get(arch, arch)
    try:
        elf = read_elf(sys.executable)
    except (OSError, struct.error):
        elf = None
    musl = musl_version(elf[2]) if elf else None
    libc = musl or glibc_version()
    if libc is None:
        refuse("no-libc", "")
    # PEP 599: 32-bit ARM wheels are for the hard-float EABI 5.
    hard_float = elf is None or (elf[1] & 0xFF000400) == 0x05000400
    compatible = arch != "armv7l" or hard_float
    try:
        import _manylinux
        said = getattr(_manylinux, "manylinux_compatible", lambda *_: None)(libc[0], libc[1], arch)
        compatible = compatible and said is not False
    except Exception:
        pass
    return {"os": "musllinux" if musl else "manylinux", "major": libc[0], "minor": libc[1], "arch": arch}, compatible

def macos_platform():
    release = platform.mac_ver()[0]
    if release.startswith("10.16"):
        # Programs built for an old SDK are told an old release, unless they ask like this.
        command = [sys.executable, "-sS", "-c", "import platform; print(platform.mac_ver()[0])"]
        release = subprocess.check_output(command, env=dict(os.environ, SYSTEM_VERSION_COMPAT="0"), universal_newlines=True).strip()
    parts = (release.split(".") + ["0"])[:2]
    if not parts[0]:
        refuse("no-macos-release", "")
    arch = platform.machine()
    if POINTER_BITS == 32:
        arch = "ppc" if arch.startswith("ppc") else "i386"
    return {"os": "macos", "major": int(parts[0]), "minor": int(parts[1]), "arch": arch}

def other_platform():
    name, _, rest = sysconfig.get_platform().partition("-")
    if name == "android":
        level, _, arch = rest.partition("-")
        return {"os": "android", "apiLevel": int(level), "arch": arch}
    if name == "ios":
        release, arch, sdk = rest.split("-", 2)
        major, _, minor = release.partition(".")
        return {"os": "ios", "major": int(major), "minor": int(minor or 0), "isSimulator": sdk.endswith("simulator"), "arch": arch}
    if name == "emscripten":
        abi = (sysconfig.get_config_var("PYODIDE_ABI_VERSION") or sysconfig.get_config_var("PYEMSCRIPTEN_PLATFORM_VERSION") or "").split("_")
        if len(abi) < 2:
            refuse("unknown-system", sysconfig.get_platform())
        return {"os": "pyodide", "major": int(abi[0]), "minor": int(abi[1]), "arch": "wasm32"}
    for known in ("freebsd", "netbsd", "openbsd", "dragonfly", "haiku"):
        if name.startswith(known):
            return {"os": known, "release": platform.release(), "arch": platform.machine()}
    if name in ("solaris", "sunos"):
        return {"os": "illumos", "release": platform.release(), "arch": platform.machine()}
    refuse("unknown-system", sysconfig.get_platform())

def own_platform():
    if os.name == "nt":
        arch = {"win32": "i686", "win-amd64": "x86_64", "win-arm64": "aarch64"}.get(sysconfig.get_platform(), platform.machine())
        return {"os": "windows", "arch": arch}, True
    if sys.platform == "darwin":
        return macos_platform(), True
    if sysconfig.get_platform().startswith("linux-"):
        return linux_platform()
    return other_platform(), True

def numbers(text):
    return [int(part) for part in re.findall(r"\d+", text)[:2]]

def is_set(name):
    return bool(sysconfig.get_config_var(name))

if not sys.executable:
    refuse("no-executable", "")
# Builds from a checkout call themselves 3.13.0+, which is no version.
FULL_VERSION = platform.python_version().rstrip("+")
PLATFORM, MANYLINUX = own_platform()
answer("facts", {
    "executable": os.path.abspath(sys.executable),
    "baseExecutable": getattr(sys, "_base_executable", None),
    "prefix": sys.prefix,
    "basePrefix": BASE_PREFIX,
    "stdlib": sysconfig.get_path("stdlib"),
    "markers": {
        "implementation_name": IMPLEMENTATION,
        "implementation_version": implementation_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": FULL_VERSION,
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    },
    "version": list(sys.version_info[:2]),
    "implementationVersion": numbers(implementation_version()),
    "scheme": own_scheme(),
    "virtualScheme": virtual_scheme(),
    "platform": PLATFORM,
    "pointerBits": POINTER_BITS,
    "gilDisabled": is_set("Py_GIL_DISABLED"),
    "debug": is_set("Py_DEBUG"),
    "manylinuxCompatible": MANYLINUX,
    "standalone": is_set("PYTHON_BUILD_STANDALONE"),
})
`;
