/** Words and values of the command line, and of the variables that stand for them. */
import { refusesBadInputs } from '../../support/bad-input.ts';

const install = ['pip', 'install', 'good'];

refusesBadInputs('command', [
  { title: 'that is unknown', words: ['pip', 'instal', 'good'], says: ["'instal'", "'install'"] },
  { title: 'of a later release', words: ['publish'], says: ['publish', 'not available'] },
  { title: 'that is missing', words: ['pip'], says: ['install', 'uninstall'] },
  { title: 'with an unknown option', words: [...install, '--unknown'], says: ["'--unknown'"] },
  { title: 'with a misspelt option', words: [...install, '--no-dep'], says: ["'--no-dep'", "'--no-deps'"] },
  { title: 'with a value where none belongs', words: [...install, '--no-deps=yes'], says: ['--no-deps'] },
  { title: 'without the value of an option', words: [...install, '--python'], says: ["'--python <PYTHON>'"] },
  { title: 'with an argument too many', words: ['cache', 'dir', 'x'], says: ["'x'"] },
  { title: 'with a torch backend', words: [...install, '--torch-backend', 'cpu'], says: ['--torch-backend'] },
  { title: 'with a keyring', words: [...install, '--keyring-provider', 'subprocess'], says: ['keyring'] },
]);

refusesBadInputs('value', [
  {
    title: 'of a choice',
    words: [...install, '--link-mode', 'teleport'],
    says: ["'teleport'", '--link-mode', 'hardlink'],
  },
  {
    title: 'of a date',
    words: [...install, '--exclude-newer', 'yesterday-ish'],
    says: ['yesterday-ish', '--exclude-newer'],
  },
  {
    title: 'of a date that does not exist',
    words: [...install, '--exclude-newer', '2024-02-31'],
    says: ['2024-02-31', '--exclude-newer'],
  },
  { title: 'of a platform', words: [...install, '--python-platform', 'amiga'], says: ['amiga', '--python-platform'] },
  {
    title: 'of a Python version',
    words: [...install, '--python-version', 'three'],
    says: ['three', '--python-version'],
  },
  { title: 'of a number', words: [...install, '--lock-timeout', 'soon'], says: ['soon', '--lock-timeout'] },
  { title: 'of a URL', words: [...install, '--default-index', 'ht!tp:://x'], says: ['ht!tp:://x', '--default-index'] },
  {
    title: 'of a URL with an unknown scheme',
    words: [...install, '--extra-index-url', 'gopher://x/simple'],
    says: ['gopher://x/simple', '--extra-index-url'],
  },
  {
    title: 'of a URL with a password',
    words: [...install, '--extra-index-url', 'gopher://user:hunter2@x/simple'],
    says: ['gopher://user:****@x', '--extra-index-url'],
  },
  { title: 'of an index name', words: [...install, '--index', 'na me=https://host.invalid/simple'], says: ['na me'] },
  { title: 'of a package name', words: [...install, '--no-binary', '-x-'], says: ['-x-'] },
  { title: 'of a package to upgrade', words: [...install, '-P', 'good=='], says: ['good=='] },
  { title: 'of a package to refresh', words: [...install, '--refresh-package', '!'], says: ['!', '--refresh-package'] },
  { title: 'of a package to clean', words: ['cache', 'clean', '!'], says: ['!'] },
  { title: 'of a package to show', words: ['pip', 'show', '!'], says: ['!'] },
  { title: 'of an output format', words: ['pip', 'list', '--format', 'xml'], says: ['xml', '--format', 'columns'] },
  { title: 'of a depth', words: ['pip', 'tree', '--depth', 'deep'], says: ['deep', '--depth'] },
]);

refusesBadInputs('variable', [
  { title: 'of a time-out', words: install, variables: { UV_HTTP_TIMEOUT: 'abc' }, says: ['abc', 'UV_HTTP_TIMEOUT'] },
  { title: 'of retries', words: install, variables: { UV_HTTP_RETRIES: '-1' }, says: ['-1', 'UV_HTTP_RETRIES'] },
  { title: 'of a choice', words: install, variables: { UV_LINK_MODE: 'teleport' }, says: ['teleport', 'UV_LINK_MODE'] },
  {
    title: 'of our own name',
    words: install,
    variables: { SHOAL_LINK_MODE: 'teleport' },
    says: ['teleport', 'SHOAL_LINK_MODE'],
  },
  { title: 'of a switch', words: install, variables: { UV_OFFLINE: 'perhaps' }, says: ['perhaps', 'UV_OFFLINE'] },
  {
    title: 'of a date',
    words: install,
    variables: { UV_EXCLUDE_NEWER: 'yesterday-ish' },
    says: ['yesterday-ish', '--exclude-newer'],
  },
  {
    title: 'of a URL',
    words: install,
    variables: { UV_DEFAULT_INDEX: 'gopher://x' },
    says: ['gopher://x', '--default-index'],
  },
  {
    title: 'of a number',
    words: install,
    variables: { UV_CONCURRENT_DOWNLOADS: 'many' },
    says: ['many', 'UV_CONCURRENT_DOWNLOADS'],
  },
  { title: 'of a Python', words: install, variables: { UV_PYTHON: '3.99' }, says: ['3.99'] },
]);

refusesBadInputs('options that exclude each other', [
  { title: '--quiet and --verbose', words: [...install, '-q', '-v'], says: ['--quiet', '--verbose'] },
  {
    title: '--target and --prefix',
    words: [...install, '--target', 'a', '--prefix', 'b'],
    says: ['--target', '--prefix'],
  },
  {
    title: '--universal and --python-platform',
    words: ['pip', 'compile', '--universal', '--python-platform', 'linux', 'x.in'],
    says: ['--universal', '--python-platform'],
  },
]);
