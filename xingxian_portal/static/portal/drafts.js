/* Forms that save themselves while one types: <form data-draft="report-7" data-person="3">.
   What is not saved yet lies in the browser, kept apart by person and form, so that a closed window, a broken line or
   an ended session loses nothing. Without this file the buttons do the same by hand. */
(function () {
  "use strict";

  var PAUSE = 1500; // milliseconds without a key before saving

  document.querySelectorAll("form[data-draft]").forEach(function (form) {
    var status = form.querySelector("[data-saved]");
    var key = "draft:" + form.dataset.person + ":" + form.dataset.draft;
    var timer = 0;
    var sending = null; // the save on its way; a second one waits for it, or it would carry an old mark
    var stopped = false; // the page is out of date: only a reload helps
    var leaving = false;
    var pressed = form.querySelector("button"); // for browsers that do not say which button sent the form

    function names() {
      return Array.prototype.filter.call(form.elements, function (field) {
        return field.name && field.type !== "hidden" && field.type !== "file" && field.tagName !== "BUTTON";
      });
    }

    function typed() {
      return names().map(function (field) {
        var box = field.type === "checkbox" || field.type === "radio";
        return [field.name, box ? field.value : "", box ? field.checked : field.value];
      });
    }

    function store() {
      try {
        localStorage.setItem(key, JSON.stringify({ mark: form.elements.seen.value, fields: typed() }));
      } catch (full) { /* a browser that keeps nothing: saving to the server still works */ }
    }

    function forget() {
      try {
        localStorage.removeItem(key);
      } catch (none) { /* nothing was kept */ }
    }

    function say(text, bad) {
      status.textContent = text;
      status.classList.toggle("bad", !!bad);
    }

    // ── saving ──

    function changed() {
      store();
      clearTimeout(timer);
      if (!stopped) {
        timer = setTimeout(save, PAUSE);
      }
    }

    function save() {
      if (sending || stopped || leaving) {
        return sending;
      }
      var before = JSON.stringify(typed());
      var words = new FormData(form);
      words.delete("files");
      sending = fetch(form.action, {
        method: "POST", body: words, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" }
      }).then(function (answer) {
        return answer.ok || answer.status === 409 ? answer.json() : answer;
      }).then(function (answer) {
        sending = null;
        if (answer.mark) {
          saved(answer, before);
        } else if (answer.message) {
          stopped = true;
          say(answer.message, true);
        } else {
          // Redirected to the log-in page, or refused because the session ended.
          stopped = answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404;
          if (stopped) {
            say("登录已过期。填写的内容已存在这台电脑上，重新登录后会自动恢复。", true);
          } else {
            tryAgain();
          }
        }
      }, function () {
        sending = null;
        tryAgain();
      });
      return sending;
    }

    // No line, or a server that is just being started: nobody has to type again for what was said here to come true.
    function tryAgain() {
      say("暂时连不上服务器，内容已存在这台电脑上，连上后会自动保存。", true);
      clearTimeout(timer);
      timer = setTimeout(save, 10 * PAUSE);
    }

    function saved(answer, before) {
      form.elements.seen.value = answer.mark;
      form.dispatchEvent(new CustomEvent("draft:saved", { detail: answer }));
      if (JSON.stringify(typed()) === before) {
        forget();
        say(answer.saved + " 已自动保存");
      } else {
        changed();
      }
    }

    // ── bringing back what the last page could not save ──

    function bringBack() {
      var left = null;
      try {
        left = JSON.parse(localStorage.getItem(key));
      } catch (broken) { /* then there is nothing to bring back */ }
      var mark = form.elements.seen.value;
      // A mark is "number of the filing . change of its draft": what was filed since is no draft any more.
      if (!left || left.mark.split(".")[0] !== mark.split(".")[0] || JSON.stringify(left.fields) === JSON.stringify(typed())) {
        forget();
        return;
      }
      var was = typed();
      put(left.fields);
      tell(left.mark !== mark, was);
      if (left.mark === mark) {
        changed();
      }
    }

    function put(fields) {
      fields.forEach(function (kept) {
        names().forEach(function (field) {
          var box = field.type === "checkbox" || field.type === "radio";
          if (field.name === kept[0] && (!box || field.value === kept[1])) {
            field[box ? "checked" : "value"] = kept[2];
          }
        });
      });
      form.querySelectorAll("[data-line]").forEach(showLine);
    }

    function tell(savedMeanwhile, was) {
      var note = document.createElement("p");
      note.className = "message warning";
      note.setAttribute("role", "status");
      note.textContent = "已恢复上次没来得及保存的内容" + (savedMeanwhile ? "；这期间草稿有过别的改动，请核对后再报送。" : "。") + " ";
      var undo = document.createElement("button");
      undo.type = "button";
      undo.className = "button small";
      undo.textContent = "不要恢复";
      undo.addEventListener("click", function () {
        put(was);
        note.remove();
        forget();
        changed();
      });
      note.appendChild(undo);
      form.insertBefore(note, form.firstChild);
    }

    // ── 本月无变化 ──

    function showLine(line) {
      var box = line.querySelector("[data-unchanged]");
      line.classList.toggle("is-unchanged", !!box && box.checked);
    }

    form.querySelectorAll("[data-line]").forEach(function (line) {
      var box = line.querySelector("[data-unchanged]");
      var words = line.querySelector("textarea");
      box.addEventListener("change", function () {
        if (box.checked) {
          words.dataset.before = words.value;
          words.value = "";
        } else if (!words.value && words.dataset.before) {
          words.value = words.dataset.before;
        }
        showLine(line);
      });
      words.addEventListener("input", function () {
        if (words.value.trim() && box.checked) {
          box.checked = false;
          showLine(line);
        }
      });
      showLine(line);
    });

    var all = form.querySelector("[data-all-unchanged]");
    if (all) {
      all.addEventListener("click", function (event) {
        event.preventDefault();
        form.querySelectorAll("[data-line]").forEach(function (line) {
          var words = line.querySelector("textarea");
          if (!words.value.trim()) {
            line.querySelector("[data-unchanged]").checked = true;
            showLine(line);
          }
        });
        changed();
      });
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", function (event) {
      if (event.target.type !== "file") {
        changed();
      }
    });

    form.addEventListener("click", function (event) {
      pressed = event.target.closest("button") || pressed;
    });

    // A button must not overtake a save that is on its way, or its page would be out of date.
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (sending) {
        event.preventDefault();
        var button = event.submitter || pressed;
        sending.then(function () {
          button.click();
        });
        return;
      }
      leaving = true;
      store();
    });

    window.addEventListener("pageshow", function () {
      leaving = false;
    });

    bringBack();
  });
})();
