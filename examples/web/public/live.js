// Keeps the counter of a page up to date. Without it a page is as new as when it was loaded.

const counter = document.querySelector('#counter');
const notice = document.querySelector('#notice');

const events = new EventSource('/live');
events.onmessage = ({ data }) => {
  const words = JSON.parse(data);
  show(counter, words.counter);
  show(notice, words.notice);
};
// The browser connects again by itself.
events.onerror = () => show(notice, 'This service is out of reach at the moment.');

/** What has not changed is not written: a screen reader would read it out again. */
function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
