// A value that was granted for minutes is gone from the page when they are over, also after a pause of the machine.
const card = document.querySelector(".shown");
const until = Date.now() + 1000 * Number(card.dataset.seconds);
const left = card.querySelector(".left");

function gone() {
  card.querySelector(".value").remove();
  location.replace(card.dataset.back);
}

function tick() {
  const seconds = Math.round((until - Date.now()) / 1000);
  if (seconds <= 0) return gone();
  left.textContent = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  setTimeout(tick, 500);
}

tick();
addEventListener("pageshow", (event) => event.persisted && gone());
