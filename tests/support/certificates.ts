import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, in files and as PEM. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** Certificates made for one test file. */
export interface Certificates {
  /** The authority that signed all but `selfSigned` and `otherCa`. */
  readonly ca: Certificate;
  readonly name: Certificate;
  readonly ip: Certificate;
  readonly wrongName: Certificate;
  /** For `auth.example.com`. */
  readonly public: Certificate;
  readonly expired: Certificate;
  readonly otherCa: Certificate;
  remove(): void;
}

/** Makes an authority and certificates for `localhost`, `127.0.0.1` and others with openssl. */
export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-certificates-'));
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' });
  const read = (name: string): Certificate => {
    const [certFile, keyFile] = [join(directory, `${name}.crt`), join(directory, `${name}.key`)];
    const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
    return { certFile, keyFile, cert, key };
  };
  const authority = (name: string) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    );
    return read(name);
  };
  const issue = (name: string, by: string, alternative: string, ...times: string[]) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(directory, `${name}.ext`), `subjectAltName=${alternative}`);
    const signing = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'];
    const validity = times.length > 0 ? times : ['-days', '1'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...signing,
      '-out',
      `${name}.crt`,
      '-extfile',
      `${name}.ext`,
      ...validity,
    );
    return read(name);
  };
  const ca = authority('ca');
  authority('other');
  return {
    ca,
    name: issue('name', 'ca', 'DNS:localhost'),
    ip: issue('ip', 'ca', 'IP:127.0.0.1'),
    public: issue('public', 'ca', 'DNS:auth.example.com'),
    wrongName: issue('wrong', 'ca', 'DNS:db.example.com'),
    expired: issue('expired', 'ca', 'DNS:localhost,IP:127.0.0.1', '-days', '-1'),
    otherCa: issue('foreign', 'other', 'DNS:localhost,IP:127.0.0.1'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
