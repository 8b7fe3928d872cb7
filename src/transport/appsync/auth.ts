// Who asks, in the ways that AppSync knows: an API key, a token of Cognito, OpenID Connect or a Lambda function, or the
// credentials of IAM. "Configuring authorization and authentication" in the AppSync Developer Guide.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe, refuseUnknownOptions } from '../../protocol/options.js';
import type { Failure } from '../contract.js';
import { OpenError } from '../open-error.js';
import { type AwsCredentials, type SignableRequest, signatureV4 } from './signature-v4.js';

/** Why a token or credentials are wanted. */
export interface AuthReason {
  /** The server did not accept the last ones: they must not come out of a cache. */
  readonly forceRefresh: boolean;
}

/** Made by `apiKey()`, `jwt()` or `iam()`. */
export interface AppSyncAuth {
  /** For one AppSync API. Throws an OptionError where something is missing that the address does not tell. */
  readonly authoriserOf: (address: URL) => Authoriser;
}

export interface Authoriser {
  /** Whether asking again may give something else. */
  readonly canRefresh: boolean;
  /** The headers that say who asks. Rejects with whatever the program's provider throws. */
  headers(request: SignableRequest, why: AuthReason, now: number): Promise<Readonly<Record<string, string>>>;
}

/**
 * An API key.
 *
 * @throws OptionError without a key.
 */
export function apiKey(options: { readonly key: string }): AppSyncAuth {
  refuseUnknownOptions('apiKey()', options, ['key']);
  const { key } = options;
  if (typeof key !== 'string' || key === '')
    throw new OptionError('key', 'apiKey() needs a key, as in { key: "da2-..." }.');
  const headers = Promise.resolve({ 'x-api-key': key });
  return { authoriserOf: () => ({ canRefresh: false, headers: () => headers }) };
}

/**
 * A token: of Amazon Cognito, of OpenID Connect, or one that a Lambda function checks. It is asked for at every connection,
 * every subscription and every request, so it may come out of a cache as long as it is good. It may take 10 s.
 *
 * @throws OptionError without a function.
 * @example `jwt({ token: async ({ forceRefresh }) => (await fetchAuthSession({ forceRefresh })).tokens.idToken.toString() })`
 */
export function jwt(options: { readonly token: (why: AuthReason) => string | Promise<string> }): AppSyncAuth {
  refuseUnknownOptions('jwt()', options, ['token']);
  const { token } = options;
  checkProvider('jwt()', 'token', token);
  return {
    authoriserOf: () => ({
      canRefresh: true,
      async headers(_request, why) {
        const given: unknown = await token(why);
        if (typeof given === 'string' && given !== '') return { Authorization: given };
        throw new OpenError(nothingGiven('jwt() has no token: option "token" must give a text that is not empty'));
      },
    }),
  };
}

export interface IamOptions {
  /** As in `eu-central-1`. Only for addresses that do not name their region, such as custom domains. */
  readonly region?: string | undefined;
  /**
   * Asked for with every signature, so they may come out of a cache as long as they are good; a credential provider of the AWS
   * SDK can be given as it is. It may take 10 s.
   */
  readonly credentials: (why: AuthReason) => AwsCredentials | Promise<AwsCredentials>;
}

/**
 * Credentials of IAM: every connection, every subscription and every request is signed (Signature Version 4).
 *
 * @throws OptionError without a function; `appSync()` throws one where neither its address nor `region` names a region.
 * @example `iam({ credentials: fromNodeProviderChain() })`
 */
export function iam(options: IamOptions): AppSyncAuth {
  refuseUnknownOptions('iam()', options, ['region', 'credentials'] satisfies (keyof IamOptions)[]);
  const { credentials } = options;
  checkProvider('iam()', 'credentials', credentials);
  if (options.region !== undefined && (typeof options.region !== 'string' || options.region === '')) {
    const message = `Option "region" must be a text, as in "eu-central-1"; it is ${describe(options.region)}.`;
    throw new OptionError('region', message);
  }
  return {
    authoriserOf(address) {
      const region = regionOf(address) ?? options.region;
      if (region === undefined) {
        const message = `The address ${address.host} does not name its region: give iam() one, as in { region: 'eu-central-1' }.`;
        throw new OptionError('region', message);
      }
      return {
        canRefresh: true,
        async headers(request, why, now) {
          const given = checkCredentials(await credentials(why));
          const signature = await signatureV4(request, { credentials: given, region, service: 'appsync', now });
          return { ...request.headers, ...signature };
        },
      };
    },
  };
}

function regionOf({ hostname }: URL): string | undefined {
  return /\.appsync-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(hostname)?.[1];
}

/** What it holds is secret and is not repeated. */
function checkCredentials(given: Partial<AwsCredentials> | undefined): AwsCredentials {
  const { accessKeyId, secretAccessKey, sessionToken } = given ?? {};
  if (isText(accessKeyId) && isText(secretAccessKey) && (sessionToken === undefined || isText(sessionToken))) {
    return { accessKeyId, secretAccessKey, sessionToken };
  }
  const message =
    'iam() has no credentials: option "credentials" must give { accessKeyId, secretAccessKey, sessionToken? }, all of them text';
  throw new OpenError(nothingGiven(message));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function nothingGiven(message: string): Failure {
  return { code: 'credentials', phase: 'connect', message: `${message}.` };
}

function checkProvider(where: string, option: string, provider: unknown): void {
  if (typeof provider === 'function') return;
  // What was given instead may be the secret itself.
  throw new OptionError(
    option,
    `${where} needs a function as option "${option}", which is asked whenever one is needed.`,
  );
}
