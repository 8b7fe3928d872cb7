// What a page notices of the network's end and return, and of being hidden and shown.

export async function run({ url }, host) {
  const seen = [];
  const first = await opened(url);
  for (const type of ['offline', 'online']) addEventListener(type, () => seen.push(`${type} ${navigator.onLine}`));
  document.addEventListener('visibilitychange', () => seen.push(`${document.visibilityState} ${document.hidden}`));
  await host.offline();
  if ((await opened(url)) === undefined) seen.push('no new socket');
  await host.online();
  await host.hide();
  await host.show();
  if (first?.readyState === WebSocket.OPEN) seen.push('the socket from before is open');
  first?.close();
  return seen;
}

function opened(url) {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  return new Promise((resolve) => {
    socket.onopen = () => resolve(socket);
    socket.onerror = () => resolve(undefined);
  });
}
