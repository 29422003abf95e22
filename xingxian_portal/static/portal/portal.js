/* Small comforts only: every act works without this file. */
(function () {
  "use strict";

  // A second click while the first is on its way would only bring back "already done".
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    if (form.method === "post" && !event.defaultPrevented) {
      form.dataset.sending = "1";
      form.setAttribute("aria-busy", "true");
      setTimeout(release, 5000, form); // a download answers without leaving the page
    }
  });

  function release(form) {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }

  // A page taken back out of the browser's memory must be able to send again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sending]").forEach(release);
  });

  function closeDropdowns(except) {
    document.querySelectorAll("details[data-dropdown][open]").forEach(function (open) {
      if (open !== except) {
        open.removeAttribute("open");
      }
    });
  }

  document.addEventListener("click", function (event) {
    closeDropdowns(event.target.closest("details[data-dropdown]"));
  });

  document.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && document.querySelector("details[data-dropdown][open]");
    if (open) {
      closeDropdowns(null);
      open.querySelector("summary").focus();
    }
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
