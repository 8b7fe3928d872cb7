// What a page may read of a refusal that says when to come back.

export async function run({ url }) {
  const { status, headers } = await fetch(url, { method: 'PUT', credentials: 'include' });
  return { status, retryAfter: headers.get('retry-after') };
}
