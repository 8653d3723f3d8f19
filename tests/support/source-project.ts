/**
 * Projects with a build backend of their own (PEP 517, `backend-path`): they build on any Python, ask no index, and note each
 * hook that is called in the file that the variable `HOOK_LOG` names.
 *
 * `IMMORTAL_CHILD` is Python for `inBuild`: a process that never ends by itself, and holds the lock that `LIFE_LOCK` names.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface SourceProjectSpec {
  readonly name: string;
  readonly version?: string;
  readonly requires?: readonly string[];
  readonly buildRequires?: readonly string[];
  /** What `get_requires_for_build_wheel` gives. */
  readonly furtherRequires?: readonly string[];
  /** Python that runs inside `build_wheel`, before the wheel is made. */
  readonly inBuild?: string;
  /** Without `[project]`: then metadata is had from a hook. Default false. */
  readonly isDynamic?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

/** The backend begins to compile, says so, and does not wait for the compiler. */
export const IMMORTAL_CHILD = [
  'import subprocess',
  'if os.environ.get("LIFE_LOCK"):',
  '    import fcntl',
  '    life = open(os.environ["LIFE_LOCK"], "a")',
  '    fcntl.flock(life, fcntl.LOCK_SH)',
  '    subprocess.Popen(["sleep", "600"], pass_fds=[life.fileno()])',
  '    print("compiling", flush=True)',
].join('\n');

/** Path -> content: the files of the project. */
export function sourceProject(spec: SourceProjectSpec): Readonly<Record<string, string>> {
  return {
    'pyproject.toml': pyproject(spec),
    'own_backend.py': backend(spec),
    [`${spec.name}/__init__.py`]: `__version__ = "${spec.version ?? '1.0'}"\n`,
    ...spec.files,
  };
}

/** The project as a folder. @returns its path */
export function writeSourceProject(folder: string, spec: SourceProjectSpec): string {
  for (const [path, content] of Object.entries(sourceProject(spec))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The hooks that were called, in order: `build_wheel <name>`. */
export function hooksCalled(log: string): readonly string[] {
  return readFileSync(log, 'utf8').trimEnd().split('\n');
}

function pyproject({
  name,
  version = '1.0',
  requires = [],
  buildRequires = [],
  isDynamic = false,
}: SourceProjectSpec): string {
  const project = isDynamic
    ? ''
    : `[project]\nname = "${name}"\nversion = "${version}"\ndependencies = ${JSON.stringify(requires)}\n\n`;
  return `${project}[build-system]\nrequires = ${JSON.stringify(buildRequires)}\nbuild-backend = "own_backend"\nbackend-path = ["."]\n`;
}

function backend({
  name,
  version = '1.0',
  requires = [],
  furtherRequires = [],
  inBuild = '',
}: SourceProjectSpec): string {
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    ...requires.map((one) => `Requires-Dist: ${one}`),
    '',
  ].join('\n');
  return `import base64
import hashlib
import io
import os
import tarfile
import zipfile

NAME, VERSION = ${JSON.stringify(name)}, ${JSON.stringify(version)}
METADATA = ${JSON.stringify(metadata)}
WHEEL = "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def note(hook):
    if os.environ.get("HOOK_LOG"):
        with open(os.environ["HOOK_LOG"], "a") as log:
            log.write("%s %s\\n" % (hook, NAME))


def get_requires_for_build_wheel(config_settings=None):
    note("get_requires_for_build_wheel")
    return ${JSON.stringify(furtherRequires)}


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    note("prepare_metadata_for_build_wheel")
    folder = "%s-%s.dist-info" % (NAME, VERSION)
    os.mkdir(os.path.join(metadata_directory, folder))
    with open(os.path.join(metadata_directory, folder, "METADATA"), "w") as file:
        file.write(METADATA)
    return folder


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def digest(text):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def pack(folder, files):
    info = "%s-%s.dist-info" % (NAME, VERSION)
    files = dict(files)
    files[info + "/METADATA"] = METADATA
    files[info + "/WHEEL"] = WHEEL
    record = "".join("%s,%s,%d\\n" % (path, digest(text), len(text)) for path, text in files.items()) + info + "/RECORD,,\\n"
    files[info + "/RECORD"] = record
    name = "%s-%s-py3-none-any.whl" % (NAME, VERSION)
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), content)
    return name


def package_files():
    for root, _, names in os.walk(NAME):
        for name in names:
            if not name.endswith(".pyc"):
                with open(os.path.join(root, name)) as file:
                    yield os.path.join(root, name).replace(os.sep, "/"), file.read()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    note("build_wheel")
${inBuild
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
    return pack(wheel_directory, package_files())


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    note("build_editable")
    return pack(wheel_directory, {"__editable__%s.pth" % NAME: os.getcwd() + "\\n"})


def build_sdist(sdist_directory, config_settings=None):
    note("build_sdist")
    name = "%s-%s.tar.gz" % (NAME, VERSION)
    with tarfile.open(os.path.join(sdist_directory, name), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in ["pyproject.toml", "own_backend.py", NAME]:
            archive.add(path, "%s-%s/%s" % (NAME, VERSION, path))
        info = tarfile.TarInfo("%s-%s/PKG-INFO" % (NAME, VERSION))
        info.size = len(METADATA)
        archive.addfile(info, io.BytesIO(METADATA.encode()))
    return name
`;
}
