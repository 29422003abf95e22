/* The scoring desk: what the sheet comes to follows what is typed, as the portal computes it after each save. */
(function () {
  "use strict";

  var form = document.getElementById("sheet");
  if (!form) {
    return;
  }
  form.addEventListener("draft:saved", function (event) {
    var live = event.detail.live;
    if (!live) {
      return;
    }
    form.querySelector("[data-total]").textContent = live.total;
    form.querySelector("[data-grade]").textContent = live.grade;
    form.querySelectorAll("[data-section]").forEach(function (place, number) {
      place.textContent = live.sections[number];
    });
  });
})();
