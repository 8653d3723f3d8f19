/** Whose certificates are believed when the user names others than the runtime brings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnusableCertificatesError } from './http-errors.ts';

export interface AuthoritySettings {
  readonly caFile?: string | undefined;
  readonly caFolder?: string | undefined;
  readonly systemCertificates?: boolean | undefined;
}

type Variable = 'SSL_CERT_FILE' | 'SSL_CERT_DIR';

/**
 * PEM texts of the trusted authorities; `undefined` for those that the runtime brings. A file and a folder count together, in
 * place of all others, as in OpenSSL.
 *
 * @throws {UnusableCertificatesError}
 */
export function readAuthorities(settings: AuthoritySettings): readonly string[] | undefined {
  const { caFile, caFolder, systemCertificates } = settings;
  if (caFile !== undefined || caFolder !== undefined)
    return [
      ...(caFile === undefined ? [] : [readCertificates(caFile, 'SSL_CERT_FILE')]),
      ...(caFolder === undefined ? [] : readFolder(caFolder)),
    ];
  return systemCertificates === true ? process.getBuiltinModule('node:tls').getCACertificates('system') : undefined;
}

/** Files of other kinds, as keys and lists of revocations, are passed over. */
function readFolder(folder: string): string[] {
  return namesIn(folder)
    .map((name) => readCertificates(join(folder, name), 'SSL_CERT_DIR'))
    .filter((text) => text.includes('-----BEGIN CERTIFICATE-----'));
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    throw new UnusableCertificatesError(folder, 'SSL_CERT_DIR', error);
  }
}

function readCertificates(path: string, variable: Variable): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UnusableCertificatesError(path, variable, error);
  }
}
