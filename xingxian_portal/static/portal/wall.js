/* Comforts of the wall: a cell opens beside it, the day's line is in view. Every cell is a plain link without this. */
(function () {
  "use strict";

  var wall = document.querySelector("[data-wall]");
  var panel = document.getElementById("panel");
  var opener = null;

  if (wall) {
    var line = wall.querySelector("th.today");
    var corner = wall.querySelector("th.corner");
    if (line && corner && wall.scrollWidth > wall.clientWidth) {
      // The day's line comes to stand at a third of the width, unless the start of the year leaves it there anyway.
      var seen = wall.clientWidth - corner.offsetWidth;
      var lineAt = line.offsetLeft - corner.offsetWidth;
      wall.scrollLeft = lineAt > 0.45 * seen ? lineAt - seen / 3 : 0;
    }
  }

  function isPlainClick(event) {
    return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  }

  if (wall && panel && panel.showModal && window.htmx) {
    wall.addEventListener("click", function (event) {
      var cell = event.target.closest("td a.light:not(.rollup)");
      if (cell && isPlainClick(event)) {
        event.preventDefault();
        opener = cell;
        window.htmx.ajax("GET", cell.href, { target: panel, swap: "innerHTML" }).then(function () {
          if (!panel.open) {
            panel.showModal();
          }
          panel.scrollTop = 0;
        });
      }
    });
    panel.addEventListener("click", function (event) {
      if (event.target === panel) {
        panel.close(); // outside of it
      }
    });
    panel.addEventListener("close", function () {
      panel.replaceChildren();
      if (opener) {
        opener.focus();
      }
    });
  }
})();
