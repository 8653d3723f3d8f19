/** Actor: waits for a line on standard input, then asks an index for a project, its metadata and its wheel. */
import { openCache } from '@shoal/cache';
import { normalizeName } from '@shoal/packaging';
import { createCredentialSource } from '../../packages/shoal/src/fetch/credentials.ts';
import { createDistributionStore } from '../../packages/shoal/src/fetch/distribution-store.ts';
import { createHttpClient } from '../../packages/shoal/src/fetch/http-client.ts';
import { createIndexClient } from '../../packages/shoal/src/index/index-client.ts';

const [root = '', url = '', ...names] = process.argv.slice(2);
const cache = openCache({ root, command: 'fetch-actor' });
const http = createHttpClient({
  offline: false,
  timeoutMs: 30_000,
  connectTimeoutMs: 10_000,
  retries: 0,
  insecureHosts: [],
  proxies: {},
  credentials: createCredentialSource({}),
  userAgent: 'fetch-actor',
  concurrentDownloads: 50,
});
const distributions = createDistributionStore({ cache, http });
const settings = {
  indexes: [{ url, kind: 'simple' }],
  flat: [],
  noIndex: false,
  strategy: 'first-index',
  refresh: 'none',
} as const;
const client = createIndexClient({ cache, http, distributions, settings });

process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
for (const name of names) await fetchAll(name);
await distributions.close();
await http.close();
process.stdout.write('done\n');

async function fetchAll(name: string): Promise<void> {
  const listing = await client.fetchProject(normalizeName(name));
  const [group] = listing.kind === 'found' ? listing.groups : [];
  const file = group?.versions.flatMap((version) => group.files(version))[0];
  if (file?.filename.kind !== 'wheel') throw new Error(`${name} has no wheel`);
  const { filename, url: fileUrl, hashes, sizeBytes } = file;
  const answer = await client.fetchDependencies(file);
  if (answer.kind !== 'found') throw new Error(`${name} has no metadata`);
  (await distributions.fetchTree({ kind: 'remote', filename, url: fileUrl, hashes, sizeBytes })).release();
}
