"""Who gets in: passwords, cookies, sessions, lock-out, and the marks that forms carry."""

from __future__ import annotations

import shutil
import sqlite3
import time
from dataclasses import replace

import pytest

from coverage_service import create_app, staff
from coverage_service.config import Config, ConfigError
from coverage_service.workbench import lockout, sessions, signing
from coverage_service.workbench.access import FILE, own_path
from tests.workbench.conftest import ROOT
from tests.workbench.staffing import HERE, PASSWORD, PEOPLE, Person, staff_file

PAGES = ("/", "/file", "/drafts", "/draft", "/new", "/try", "/tests", "/freshness", "/history", "/version")


class TestNotSetUp:
    @pytest.mark.parametrize("prefix", ["", "/es"])
    @pytest.mark.parametrize("path", [*PAGES, "/sign-in", "/page/workbench.js", "/page/workbench.css"])
    def test_nothing_is_served(self, prefix, path):
        client = create_app(Config(ROOT / "rules")).test_client()

        assert client.get(f"{prefix}/workbench{path}").status_code == 404
        assert client.post(f"{prefix}/workbench{path}").status_code == 404

    def test_a_staff_file_needs_a_state_folder(self, tmp_path):
        with pytest.raises(ConfigError, match=r"^COVERAGE_STAFF: the workbench needs a state folder"):
            Config.from_environment({"COVERAGE_STAFF": str(staff_file(tmp_path)), "COVERAGE_STATE": "off"})

    def test_a_missing_staff_file_is_told_with_the_command_that_makes_it(self, tmp_path):
        with pytest.raises(ConfigError, match=r"^COVERAGE_STAFF: .*run `coverage-service staff add NAME`"):
            Config.from_environment({"COVERAGE_STAFF": str(tmp_path / "none")})


class TestTheDoor:
    @pytest.mark.parametrize("path", [path for path in PAGES if path != "/sign-in"])
    def test_every_page_is_behind_it(self, app, path):
        nobody = Person(app, "kim", sign_in=False)

        reply = nobody.get(path)

        assert reply.status_code == 302
        assert reply.location.startswith("/workbench/sign-in?to=")
        assert nobody.post(path).status_code in (401, 405)

    def test_every_address_but_the_door_is_guarded(self, app):
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("workbench.")]
        opened = set()
        for rule in rules:
            method = "POST" if "POST" in (rule.methods or set()) else "GET"
            path = rule.rule.replace("<any(es):language>", "es").replace("<path:filename>", "favicon.svg")
            with app.test_client().open(path, method=method, headers=HERE) as reply:
                if reply.status_code not in (302, 401):
                    opened.add(rule.endpoint)

        assert len(rules) > 20
        assert opened == {"workbench.sign_in", "workbench.signing_in", "workbench.static"}

    def test_the_right_password_leads_where_one_was_going(self, app):
        kim = Person(app, "kim", sign_in=False)

        assert kim.sign_in(to="/workbench/history").location == "/workbench/history"
        assert kim.get("/history").status_code == 200

    @pytest.mark.parametrize(
        "text",
        ["https://example.org/workbench/", "//example.org/workbench", "/\\example.org", "/workbench//x", "/",
         "/workbenchx\n", "javascript:alert(1)", ""],
    )  # fmt: skip
    def test_it_leads_nowhere_else(self, app, text):
        assert own_path(text) is None
        assert Person(app, "kim", sign_in=False).sign_in(to=text).location == "/workbench/"

    def test_a_wrong_password_and_an_unknown_name_are_told_alike(self, app):
        kim, nobody = (Person(app, name, sign_in=False) for name in ("kim", "nobody"))

        wrong, unknown = kim.sign_in("wrong password!"), nobody.sign_in("wrong password!")

        assert wrong.status_code == unknown.status_code == 422
        assert wrong.data == unknown.data
        assert "set-cookie" not in wrong.headers

    def test_an_unknown_name_costs_a_hash_too(self, app, monkeypatch):
        tried = []
        monkeypatch.setattr(staff, "_matches", lambda hash, password: tried.append(hash) or False)

        for name in ("kim", "nobody"):
            Person(app, name, sign_in=False).sign_in("wrong password!")

        assert len(tried) == 2
        assert all(hash.startswith("$argon2id$") for hash in tried)

    def test_a_name_is_read_as_people_write_it(self, app):
        assert Person(app, " Kim ", sign_in=False).sign_in().status_code == 303


class TestTheCookie:
    def test_on_this_machine(self, app):
        told = Person(app, "kim", sign_in=False).sign_in().headers["Set-Cookie"]

        assert told.startswith("workbench=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(told.split("; "))
        assert "Secure" not in told

    @pytest.mark.parametrize("host", ["rules.example.org", "rules.example.org:8000", "localhost.example.org"])
    def test_anywhere_else_goes_over_tls_alone(self, app, host):
        fields = {"name": "kim", "password": PASSWORD}
        reply = app.test_client().post("/workbench/sign-in", data=fields, headers={"Host": host})
        told = reply.headers["Set-Cookie"]

        assert told.startswith("__Host-workbench=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(told.split("; "))
        assert "Domain" not in told

    def test_is_new_at_every_sign_in_and_the_old_one_ends(self, app, kim):
        old = kim.client.get_cookie("workbench", domain="127.0.0.1").value
        kim.sign_in()
        new = kim.client.get_cookie("workbench", domain="127.0.0.1").value
        assert old != new

        thief = app.test_client()
        thief.set_cookie("workbench", old, domain="127.0.0.1")
        assert thief.get("/workbench/", headers=HERE).status_code == 302

    def test_the_client_s_page_sets_none_and_loads_nothing_of_it(self, kim):
        for path in ("/", "/check", "/es/"):
            reply = kim.client.get(path, headers=HERE)
            assert "set-cookie" not in reply.headers
            assert "workbench" not in reply.text


class TestASession:
    def ended(self, person: Person) -> bool:
        return person.get("/").status_code == 302

    def test_ends_on_the_server_when_somebody_signs_out(self, app, kim):
        token = kim.client.get_cookie("workbench", domain="127.0.0.1").value
        kim.get("/")
        assert kim.post("/sign-out").location == "/workbench/sign-in"

        kim.client.set_cookie("workbench", token, domain="127.0.0.1")
        assert self.ended(kim)

    def test_ends_when_the_password_changes(self, config, kim, lee):
        entries = dict(staff.read_staff(config.staff))
        staff.write_staff(config.staff, {**entries, "kim": entries["lee"]})

        assert self.ended(kim)
        assert not self.ended(lee)

    def test_ends_when_the_person_is_removed(self, config, kim, lee):
        entries = dict(staff.read_staff(config.staff))
        del entries["lee"]
        staff.write_staff(config.staff, entries)

        assert self.ended(lee)
        assert not self.ended(kim)

    @pytest.mark.parametrize(("column", "age"), [("seen", sessions.IDLE + 5), ("began", sessions.WHOLE + 5)])
    def test_ends_by_itself(self, config, kim, column, age):
        with sqlite3.connect(config.state / FILE) as connection:
            connection.execute(f"UPDATE session SET {column} = {column} - {age}")

        assert self.ended(kim)

    def test_lasts_until_then(self, config, kim):
        with sqlite3.connect(config.state / FILE) as connection:
            connection.execute(f"UPDATE session SET seen = seen - {sessions.IDLE - 60}")

        assert not self.ended(kim)

    def test_is_kept_as_a_hash_in_a_file_of_its_owner(self, config, kim):
        token = kim.client.get_cookie("workbench", domain="127.0.0.1").value
        path = config.state / FILE

        assert token.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0

    def test_a_person_has_a_few_at_most(self, config, app):
        first = Person(app, "kim")
        for _ in range(sessions.MOST):
            Person(app, "kim")

        assert self.ended(first)
        with sqlite3.connect(config.state / FILE) as connection:
            assert connection.execute("SELECT count(*) FROM session").fetchone() == (sessions.MOST,)


class TestLockOut:
    def test_after_failures_even_the_right_password_waits(self, app):
        kim = Person(app, "kim", sign_in=False)
        for _ in range(lockout.BY_NAME):
            assert kim.sign_in("wrong password!").status_code == 422

        reply = kim.sign_in()

        assert reply.status_code == 429
        assert reply.headers["Retry-After"] == str(lockout.WINDOW)
        assert Person(app, "lee").get("/").status_code == 200

    def test_an_unknown_name_is_locked_out_alike(self, app):
        replies = {}
        for name in ("kim", "nobody"):
            somebody = Person(app, name, sign_in=False)
            replies[name] = [somebody.sign_in("wrong password!").data for _ in range(lockout.BY_NAME + 1)]

        assert replies["kim"] == replies["nobody"]

    def test_ends_after_a_while(self, app, config):
        kim = Person(app, "kim", sign_in=False)
        for _ in range(lockout.BY_NAME):
            kim.sign_in("wrong password!")
        with sqlite3.connect(config.state / FILE) as connection:
            connection.execute(f"UPDATE failure SET at = at - {lockout.WINDOW + 1}")

        assert kim.sign_in().status_code == 303

    def test_an_address_that_tries_many_names_is_locked_out(self, app, monkeypatch):
        monkeypatch.setattr(staff, "verified", lambda *_: False)
        for number in range(lockout.BY_ADDRESS):
            assert Person(app, f"nobody{number}", sign_in=False).sign_in().status_code == 422
        monkeypatch.undo()

        assert Person(app, "kim", sign_in=False).sign_in().status_code == 429

    @pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 303)])
    def test_behind_a_proxy_that_is_told_of_locks_out_one_address(self, config, monkeypatch, proxies, status):
        app = create_app(replace(config, proxies=proxies))

        def tried(address: str, password: str = PASSWORD, name: str = "kim") -> int:
            # What a sender claims stands before what the proxy adds.
            headers = HERE | {"X-Forwarded-For": f"203.0.113.7, {address}"}
            fields = {"name": name, "password": password}
            return app.test_client().post("/workbench/sign-in", data=fields, headers=headers).status_code

        monkeypatch.setattr(staff, "verified", lambda *_: False)
        for number in range(lockout.BY_ADDRESS):
            assert tried("203.0.113.8", name=f"nobody{number}") == 422
        monkeypatch.undo()

        assert tried("203.0.113.8") == 429
        assert tried("203.0.113.9") == status

    def test_keeps_a_bounded_count(self, tmp_path, monkeypatch):
        from coverage_service.workbench import store

        monkeypatch.setattr(lockout, "MOST", 50)
        store.prepare(tmp_path / "x")
        with store.transaction(tmp_path / "x") as connection:
            for number in range(100):
                lockout.failed(connection, f"n{number}", f"a{number}", time.time())
            assert connection.execute("SELECT count(*) FROM failure").fetchone() == (50,)

    def test_passwords_wait_in_a_short_line(self, app, monkeypatch):
        def busy(*_):
            raise staff.Busy

        monkeypatch.setattr(signing.staff, "verified", busy)

        assert Person(app, "kim", sign_in=False).sign_in().status_code == 503

    def test_the_line_is_full_when_too_many_wait(self):
        taken = [staff._ROOM.acquire(blocking=False) for _ in range(staff.WAITING)]
        try:
            with pytest.raises(staff.Busy):
                staff.verified({}, "kim", "x")
        finally:
            for _ in taken:
                staff._ROOM.release()


class TestForms:
    @pytest.mark.parametrize("mark", ["", "0" * 64])
    def test_without_the_mark_of_the_session_are_refused(self, kim, mark):
        kim.get("/file", name="payers/example-ppo.yaml")

        reply = kim.post("/file", csrf=mark, text="x: 1\n", do="save")

        assert reply.status_code == 403
        kim.get("/drafts")
        assert "There is no draft" in kim.page

    def test_with_somebody_else_s_mark_are_refused(self, kim, lee):
        lee.get("/")
        kim.get("/")

        assert kim.post("/sign-out", csrf=lee.hidden["csrf"]).status_code == 403

    def test_the_editor_s_question_needs_the_mark_too(self, kim):
        reply = kim.client.post(
            "/workbench/problems", json={"name": "payers/x.yaml", "text": ""}, headers=HERE
        )

        assert reply.status_code == 403

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}])
    def test_of_another_site_are_refused_at_the_door(self, app, headers):
        fields = {"name": "kim", "password": PASSWORD}

        reply = app.test_client().post("/workbench/sign-in", data=fields, headers=HERE | headers)

        assert reply.status_code == 403

    def test_that_come_too_late_are_not_lost(self, app, kim):
        kim.get("/file", name="payers/example-ppo.yaml")
        late = kim.hidden | {"text": "payer: <Kept> & safe\r\n", "do": "save"}
        kim.client.delete_cookie("workbench", domain="127.0.0.1")

        assert kim.post("/file", **late).status_code == 401
        assert "csrf" not in kim.page
        kim.page = kim.post("/sign-in", name="kim", password=PASSWORD).text
        assert kim.hidden["text"] == late["text"]
        assert kim.post("/file").status_code == 303
        kim.get("/draft")
        assert "&lt;Kept&gt; &amp; safe" in kim.page

    def test_of_the_session_before_are_shown_once_more(self, app, kim):
        kim.get("/file", name="payers/example-ppo.yaml")
        old = kim.hidden | {"text": "payer: <Kept> & safe\r\n", "do": "save"}
        kim.name = "lee"
        assert kim.sign_in().status_code == 303

        assert kim.post("/file", **old).status_code == 403
        assert "as lee" in kim.page
        assert kim.hidden["text"] == old["text"]
        assert kim.hidden["csrf"] != old["csrf"]
        assert "There is no draft" in Person(app, "kim").get("/drafts").text
        assert kim.post("/file").status_code == 303
        assert "&lt;Kept&gt; &amp; safe" in kim.get("/draft").text


class TestTheStateFolder:
    """It is removed, or taken from the service, while that runs."""

    def test_removed_is_told_and_begun_anew(self, config, kim):
        shutil.rmtree(config.state)

        assert kim.get("/").status_code == 503
        assert "was removed while it ran" in kim.page
        assert kim.get("/").status_code == 302
        assert kim.sign_in().status_code == 303
        assert kim.get("/").status_code == 200

    def test_removed_while_somebody_writes_loses_no_word(self, config, kim):
        kim.get("/file", name="payers/example-ppo.yaml")
        shutil.rmtree(config.state)

        assert kim.post("/file", text="payer: <Kept>\n", do="save").status_code == 503
        kim.page = kim.post("/sign-in", name="kim", password=PASSWORD).text
        assert kim.post("/file").status_code == 303
        assert "&lt;Kept&gt;" in kim.get("/draft").text

    def test_removed_while_somebody_signs_in_shows_no_password(self, config, app):
        shutil.rmtree(config.state)
        reply = Person(app, "kim", sign_in=False).sign_in(to="/workbench/history")

        assert reply.status_code == 503
        assert PASSWORD not in reply.text
        assert 'value="/workbench/history"' in reply.text

    def test_without_the_kept_files_their_pages_say_so(self, config, kim):
        shutil.rmtree(config.state / "versions")

        for path in ("/", "/file?name=payers/example-ppo.yaml", "/draft", "/try", "/version?number=1"):
            assert kim.get(path).status_code == 503, path
            assert "cannot reach what it keeps" in kim.page
        for path in ("/drafts", "/history"):
            assert kim.get(path).status_code == 200, path

    def test_without_its_records_the_folder_of_the_rules_is_shown(self, config, kim):
        shutil.rmtree(config.state / "activations")

        for path in ("/", "/file?name=payers/example-ppo.yaml", "/drafts", "/draft", "/try"):
            assert kim.get(path).status_code == 200, path
        assert "Nothing was put in force yet" in kim.get("/history").text

    def test_a_file_that_is_no_database_is_told(self, config, kim):
        (config.state / FILE).write_text("no database at all")

        assert kim.get("/").status_code == 503
        assert "cannot reach what it keeps" in kim.page

    def test_an_emptied_file_is_begun_anew(self, config, kim):
        (config.state / FILE).write_text("")

        assert kim.get("/").status_code == 503
        assert "was removed while it ran" in kim.page
        assert kim.sign_in().status_code == 303

    def test_a_lost_staff_file_is_told(self, config, kim):
        config.staff.unlink()

        assert kim.get("/").status_code == 503
        assert "cannot reach what it keeps" in kim.page


class TestTheStaffFile:
    def test_is_readable_by_its_owner_alone(self, tmp_path):
        path = staff_file(tmp_path)

        assert path.stat().st_mode & 0o077 == 0
        assert staff.read_staff(path).keys() == set(PEOPLE)

    @pytest.mark.parametrize("text", ["- kim\n", "kim: secret\n", "KIM: $argon2id$x\n", "kim: [a]\n", "{"])
    def test_with_a_mistake_is_refused(self, tmp_path, text):
        path = tmp_path / "staff.yaml"
        path.write_text(text)

        with pytest.raises(staff.StaffError, match=r"^staff.yaml: "):
            staff.read_staff(path)

    @pytest.mark.parametrize(
        ("name", "password"),
        [("Kim", PASSWORD), ("", PASSWORD), ("../x", PASSWORD), ("kim", "short"), ("kim", "x" * 201)],
    )
    def test_takes_no_bad_name_or_password(self, name, password):
        with pytest.raises(staff.StaffError):
            staff.added({}, name, password)

    def test_holds_real_hashes(self):
        entries = staff.added({}, "kim", PASSWORD)

        assert entries["kim"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert staff.verified(entries, "kim", PASSWORD)
        assert not staff.verified(entries, "kim", f"{PASSWORD} ")
