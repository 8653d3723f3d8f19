/** The network settings that options, variables and configuration ask for. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createCredentialSource } from '../fetch/credentials.ts';
import type { HttpSettings } from '../fetch/http-client.ts';
import { proxiesOfVariables } from '../fetch/proxies.ts';
import type { ProxySettings } from '../fetch/proxies.ts';
import type { OptionValues } from './option-values.ts';
import { absolutePath } from './session.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';
import { readVariable } from './variable-values.ts';
import { SHOAL_VERSION } from './version.ts';

const DEFAULT_TIMEOUT_SECONDS = 30;
const DEFAULT_CONNECT_TIMEOUT_SECONDS = 10;
const DEFAULT_RETRIES = 3;
const DEFAULT_CONCURRENT_DOWNLOADS = 50;

interface NetworkInput {
  readonly session: Session;
  readonly values: OptionValues;
  /** Indexes and link pages as they were written, so that credentials in their URLs are known. */
  readonly indexes: readonly { readonly url: string; readonly name?: string | undefined }[];
}

/** Everything but the listener. @throws {UsageError} for a variable that is no number. */
export function networkSettings({ session, values, indexes }: NetworkInput): Omit<HttpSettings, 'onEvent'> {
  const { variables, homeFolder } = session;
  const certificates = (values.has('cert') ? values.text('cert') : undefined) ?? variables['SSL_CERT_FILE'];
  const folder = variables['SSL_CERT_DIR'];
  return {
    offline: values.flag('offline'),
    timeoutMs: 1000 * wholeNumber(session, 'HTTP_TIMEOUT', DEFAULT_TIMEOUT_SECONDS),
    connectTimeoutMs: 1000 * wholeNumber(session, 'HTTP_CONNECT_TIMEOUT', DEFAULT_CONNECT_TIMEOUT_SECONDS),
    retries: wholeNumber(session, 'HTTP_RETRIES', DEFAULT_RETRIES),
    insecureHosts: values.list('allowInsecureHost'),
    caFile: certificates === undefined || certificates === '' ? undefined : absolutePath(session, certificates),
    caFolder: folder === undefined || folder === '' ? undefined : absolutePath(session, folder),
    systemCertificates: values.flag('systemCerts') || values.flag('nativeTls'),
    proxies: proxiesOf(session, values),
    credentials: createCredentialSource({
      indexes,
      variables,
      netrcPath: variables['NETRC'] || join(homeFolder || homedir(), '.netrc'),
    }),
    userAgent: `shoal/${SHOAL_VERSION}`,
    concurrentDownloads: Math.max(1, wholeNumber(session, 'CONCURRENT_DOWNLOADS', configuredDownloads(values))),
  };
}

function configuredDownloads({ settings }: OptionValues): number {
  return Number(settings?.text('concurrent-downloads') ?? DEFAULT_CONCURRENT_DOWNLOADS);
}

/** Variables come before settings. */
function proxiesOf({ variables }: Session, { settings }: OptionValues): ProxySettings {
  const found = proxiesOfVariables(variables);
  return {
    ...found,
    http: found.http ?? settings?.text('http-proxy'),
    https: found.https ?? settings?.text('https-proxy'),
    none: found.none ?? settings?.texts('no-proxy').join(','),
  };
}

function wholeNumber({ variables }: Session, name: string, fallback: number): number {
  const found = readVariable(name, variables);
  if (found === undefined || found.text === '') return fallback;
  if (!/^\d{1,7}$/.test(found.text))
    throw new UsageError(`invalid value '${found.text}' for the variable \`${found.name}\`: expected a whole number`);
  return Number(found.text);
}

/** `--lock-timeout` in milliseconds; `undefined` waits for as long as the holder lives. */
export function lockTimeoutMs(values: OptionValues): number | undefined {
  const seconds = values.integer('lockTimeout');
  return seconds === undefined ? undefined : seconds * 1000;
}
