/**
 * The client of the server this page came from. A server bound to loopback asks for no key; any other does, and the
 * key that was typed is kept in this browser.
 */
import { CorrenteClient } from '@corrente/shared/client/corrente-client';

const storageKey = 'corrente-api-key';

function storedKey(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

let apiKey = storedKey();
let client = connect();

function connect(): CorrenteClient {
  return new CorrenteClient({ baseUrl: '', ...(apiKey === undefined ? {} : { apiKey }) });
}

export function corrente(): CorrenteClient {
  return client;
}

export function currentApiKey(): string | undefined {
  return apiKey;
}

/** From now on every call carries this key. */
export function setApiKey(key: string): void {
  apiKey = key;
  client = connect();
  try {
    localStorage.setItem(storageKey, key);
  } catch {
    // Storage is shut off: the key holds until the page is left.
  }
}
