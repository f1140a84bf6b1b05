"use strict";
// What the page can do with a script; without one everything is still there to read and to play.

const players = [...document.querySelectorAll("video")];

for (const player of players) {
  player.addEventListener("play", () => {
    for (const other of players) if (other !== player) other.pause();
  });
}

// A button that copies a text, where the browser lets a page do that.
const said = document.createElement("p");
said.className = "hidden";
said.setAttribute("role", "status");
document.body.append(said);

for (const text of document.querySelectorAll(".copied")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", "Copy: " + text.textContent.slice(0, 60));
  button.addEventListener("click", async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(text.firstChild);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    said.textContent = button.textContent;
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  text.insertAdjacentElement("afterend", button);
}

// A caption's time plays the clip from there; the caption that is spoken is marked.
for (const article of document.querySelectorAll("article")) {
  const player = article.querySelector("video");
  const cues = [...article.querySelectorAll("li[data-at]")];
  for (const cue of cues) {
    const time = cue.querySelector(".time");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "time";
    button.textContent = time.textContent;
    button.setAttribute("aria-label", "Play from " + time.textContent);
    button.addEventListener("click", () => {
      player.currentTime = Number(cue.dataset.at);
      player.play();
    });
    time.replaceWith(button);
  }
  player.addEventListener("timeupdate", () => {
    for (const cue of cues) {
      const now = player.currentTime;
      cue.classList.toggle("now", now >= Number(cue.dataset.at) && now < Number(cue.dataset.end));
    }
  });
}
