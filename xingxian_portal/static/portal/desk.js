/* The bureau's desk by keyboard, and ticking a whole list at once. Every act works without this file. */
(function () {
  "use strict";

  var OFF = "desk-keys-off";
  var toggle = document.querySelector("[data-keys-switch]");

  function keysAreOff() {
    try {
      return window.localStorage.getItem(OFF) === "1";
    } catch (error) {
      return false;
    }
  }

  function say() {
    toggle.textContent = keysAreOff() ? "快捷键已关" : "快捷键：J 下一件　K 上一件　A 销号　R 退回";
    toggle.setAttribute("aria-pressed", keysAreOff() ? "false" : "true");
  }

  // A single key must be possible to switch off: who dictates to the computer would set it off by speaking.
  if (toggle) {
    toggle.hidden = false;
    say();
    toggle.addEventListener("click", function () {
      try {
        window.localStorage.setItem(OFF, keysAreOff() ? "0" : "1");
      } catch (error) {
        return;
      }
      say();
    });
  }

  function isTyping(element) {
    return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  }

  function forKey(key) {
    return Array.prototype.find.call(document.querySelectorAll("[data-key]"), function (element) {
      return element.dataset.key.split(" ").indexOf(key) >= 0;
    });
  }

  document.addEventListener("keydown", function (event) {
    if (!toggle || keysAreOff() || event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping(event.target)) {
      return;
    }
    var key = event.key.toLowerCase();
    var target = forKey(key);
    var reason = key === "r" && document.getElementById("return_reason");
    if (reason) {
      reason.focus();
    } else if (target && target.tagName === "FORM") {
      target.requestSubmit();
    } else if (target) {
      target.click();
    } else {
      return;
    }
    event.preventDefault();
  });

  // One box above the list ticks all that can be ticked.
  document.querySelectorAll("form[data-ticks]").forEach(function (form) {
    var boxes = form.querySelectorAll("input[name=pick]:not(:disabled)");
    var bar = form.querySelector(".tick-bar");
    if (!bar || boxes.length < 2) {
      return;
    }
    var label = document.createElement("label");
    var all = document.createElement("input");
    label.className = "tick-all";
    all.type = "checkbox";
    label.appendChild(all);
    label.appendChild(document.createTextNode("全选"));
    bar.insertBefore(label, bar.firstChild);

    function settle() {
      var ticked = form.querySelectorAll("input[name=pick]:checked").length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }

    all.addEventListener("change", function () {
      boxes.forEach(function (box) {
        box.checked = all.checked;
      });
    });
    form.addEventListener("change", settle);
    settle();
  });
})();
