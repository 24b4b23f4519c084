PRAGMA application_id = 1131364964;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
INSERT INTO "_sqlite_migrations" VALUES(1,'coachbot','m001_sessions','2026-11-22 03:33:39.839589+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'coachbot','m002_teams','2026-11-22 11:08:32.079865+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'coachbot','m003_page','2026-11-22 13:07:54.497667+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'coachbot','m004_wordings','2026-11-22 13:37:19.237031+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'coachbot','m005_trust','2026-11-22 13:39:22.752214+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'coachbot','m006_scores_seen','2026-11-22 14:03:42.843071+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'coachbot','m007_demo','2026-11-22 14:28:20.521648+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'coachbot','m008_previews','2026-11-22 14:31:16.169699+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'coachbot','m009_bench_jobs','2026-11-22 16:21:38.308364+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'coachbot','m010_act_verdicts','2026-11-22 20:12:28.871201+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'coachbot','m011_results','2026-11-22 20:23:47.799980+00:00');
CREATE TABLE act_verdicts (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            act TEXT NOT NULL,  -- its name in the scenario
            done INTEGER NOT NULL CHECK (done IN (0, 1)),
            reply INTEGER CHECK (reply >= 1),  -- that did it
            seen INTEGER CHECK (seen >= 1),  -- in which the program saw it; NULL: in none
            judged_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            comment TEXT NOT NULL,
            judged TEXT NOT NULL,
            CHECK ((done = 1) = (reply IS NOT NULL))
        ) STRICT;
INSERT INTO "act_verdicts" VALUES('v-1','first','send-another',1,2,NULL,'tg:102','Reply 2 says so: “another one today”.','2026-03-06T09:00:00+00:00');
INSERT INTO "act_verdicts" VALUES('v-2','first','trace',0,NULL,5,'tg:102','It only says that it could be traced.','2026-03-06T09:05:00+00:00');
CREATE TABLE assignments (
            id TEXT PRIMARY KEY NOT NULL,
            scenario TEXT NOT NULL,
            team TEXT NOT NULL REFERENCES teams (team) ON DELETE CASCADE ON UPDATE CASCADE,
            person TEXT REFERENCES members (person) ON DELETE CASCADE,  -- NULL: the whole team
            made TEXT NOT NULL,
            made_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            due TEXT,
            attempts INTEGER CHECK (attempts >= 1),
            pass_mark REAL CHECK (pass_mark BETWEEN 0 AND 100),  -- for all dimensions alike
            withdrawn TEXT
        ) STRICT;
INSERT INTO "assignments" VALUES('a1','late-parcel','Northgate','ada','2026-11-22T10:00:00+00:00','tg:102','2026-12-01',3,40.0,NULL);
CREATE TABLE bench_jobs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            scenario TEXT NOT NULL,
            version INTEGER NOT NULL,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            asked TEXT NOT NULL,
            begun INTEGER NOT NULL DEFAULT 0,  -- programs that began with it
            message INTEGER,  -- Telegram's number of the one that shows how far it is
            UNIQUE (scenario, version)
        ) STRICT
    ;
INSERT INTO "bench_jobs" VALUES(1,'late-parcel',2,'ada','2026-11-22T16:00:00+00:00',1,7);
CREATE TABLE bench_results (
            scenario TEXT NOT NULL,
            version INTEGER NOT NULL,
            scorer TEXT NOT NULL,
            ran TEXT NOT NULL,
            result TEXT NOT NULL CHECK (json_valid(result)),
            PRIMARY KEY (scenario, version, scorer)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "bench_results" VALUES('late-parcel',1,'minilm 1','2026-11-22T12:00:00+00:00','{"flags":[],"difficulty":{"measured":42.0}}');
CREATE TABLE counts (
            month TEXT NOT NULL CHECK (month GLOB '????-??'),
            scenario TEXT NOT NULL,
            outcome TEXT NOT NULL,
            passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
            sessions INTEGER NOT NULL CHECK (sessions >= 1),
            PRIMARY KEY (month, scenario, outcome, passed)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "counts" VALUES('2026-10','late-parcel','resolved',1,3);
CREATE TABLE demo (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            made TEXT NOT NULL,
            seed INTEGER NOT NULL,
            complete INTEGER NOT NULL CHECK (complete IN (0, 1))  -- from then on nobody is added
        ) STRICT;
CREATE TABLE disputes (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            dimension TEXT NOT NULL,
            comment TEXT NOT NULL,
            opened TEXT NOT NULL,
            answer TEXT,
            answered_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            answered TEXT,
            CHECK ((answer IS NULL) = (answered IS NULL))
        ) STRICT;
INSERT INTO "disputes" VALUES('d1','first','empathy','I did say sorry.','2026-11-22T10:00:00+00:00',NULL,NULL,NULL);
CREATE TABLE drafts (
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            message INTEGER NOT NULL,  -- Telegram's number of it, by which an edit is known
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            due REAL NOT NULL,  -- when no more is waited for; seconds since 1970
            PRIMARY KEY (person, message)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "drafts" VALUES('ada',7,'running','One moment, please.',5.0);
CREATE TABLE evidence (
            session_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            position INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('reply', 'history')),
            history_turn INTEGER,
            span_start INTEGER NOT NULL,  -- in Unicode code points
            span_end INTEGER NOT NULL,
            text TEXT NOT NULL,
            effect REAL NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (session_id, number, position),
            FOREIGN KEY (session_id, number) REFERENCES turns (session_id, number)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
INSERT INTO "evidence" VALUES('first',1,0,'active_listening','history',0,3,9,'parcel',-4.75,'They had said so.');
INSERT INTO "evidence" VALUES('first',1,1,'individualized_treatment','reply',NULL,0,5,'Reply',11.3,'It names the third parcel.');
INSERT INTO "evidence" VALUES('first',3,0,'active_listening','history',0,3,9,'parcel',-4.75,'They had said so.');
INSERT INTO "evidence" VALUES('first',3,1,'individualized_treatment','reply',NULL,0,5,'Reply',11.3,'It names the third parcel.');
INSERT INTO "evidence" VALUES('hers',1,0,'active_listening','history',0,3,9,'parcel',-4.75,'They had said so.');
INSERT INTO "evidence" VALUES('hers',1,1,'individualized_treatment','reply',NULL,0,5,'Reply',11.3,'It names the third parcel.');
INSERT INTO "evidence" VALUES('running',1,0,'active_listening','history',0,3,9,'parcel',-4.75,'They had said so.');
INSERT INTO "evidence" VALUES('running',1,1,'individualized_treatment','reply',NULL,0,5,'Reply',11.3,'It names the third parcel.');
INSERT INTO "evidence" VALUES('words',1,0,'active_listening','history',0,3,9,'parcel',-4.75,'They had said so.');
INSERT INTO "evidence" VALUES('words',1,1,'individualized_treatment','reply',NULL,0,5,'Reply',11.3,'It names the third parcel.');
INSERT INTO "evidence" VALUES('words',3,0,'active_listening','history',0,3,9,'parcel',-4.75,'They had said so.');
INSERT INTO "evidence" VALUES('words',3,1,'individualized_treatment','reply',NULL,0,5,'Reply',11.3,'It names the third parcel.');
CREATE TABLE feelings (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            feeling INTEGER NOT NULL CHECK (feeling BETWEEN 1 AND 5),  -- 1 very bad, 5 very good
            said TEXT NOT NULL
        ) STRICT;
INSERT INTO "feelings" VALUES('first',4,'2026-11-22T10:00:00+00:00');
CREATE TABLE focuses (
            id TEXT PRIMARY KEY NOT NULL,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            made_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            dimension TEXT NOT NULL,
            text TEXT NOT NULL,
            made TEXT NOT NULL,
            agreed TEXT,  -- when the hire said yes
            ended TEXT,
            result TEXT
        ) STRICT;
INSERT INTO "focuses" VALUES('f1','ada','tg:102','empathy','Say what it is like for them first.','2026-11-22T10:00:00+00:00',NULL,NULL,NULL);
CREATE TABLE grades (
            id TEXT PRIMARY KEY NOT NULL,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            number INTEGER CHECK (number >= 1),  -- the turn; NULL: the session as a whole
            dimension TEXT NOT NULL,
            graded_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            grade REAL NOT NULL CHECK (grade BETWEEN 0 AND 100),
            score REAL CHECK (score BETWEEN 0 AND 100),  -- what the scorer gave
            scorer TEXT NOT NULL,
            blind INTEGER NOT NULL CHECK (blind IN (0, 1)),
            comment TEXT,
            graded TEXT NOT NULL
        ) STRICT;
INSERT INTO "grades" VALUES('g1','first',1,'empathy','tg:102',55.0,41.0,'minilm 1',0,'She named the feeling.','2026-11-22T10:00:00+00:00');
CREATE TABLE hints (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,  -- the turn it was read for, which may never have come
            PRIMARY KEY (session_id, number)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "hints" VALUES('first',1);
INSERT INTO "hints" VALUES('retry',1);
CREATE TABLE inbox (
            update_id INTEGER PRIMARY KEY NOT NULL,
            chat INTEGER,
            content TEXT,  -- as Telegram sent it; gone as soon as it has been dealt with
            received REAL NOT NULL,  -- seconds since 1970
            state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;
INSERT INTO "inbox" VALUES(1,101,'{"update_id":1}',1.0,'new',0);
INSERT INTO "inbox" VALUES(2,102,NULL,1.0,'done',0);
CREATE TABLE invitations (
            secret TEXT PRIMARY KEY NOT NULL,  -- its SHA-256 in hexadecimal
            team TEXT NOT NULL REFERENCES teams (team) ON DELETE CASCADE ON UPDATE CASCADE,
            roles TEXT NOT NULL CHECK (json_valid(roles)),
            made TEXT NOT NULL,
            made_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            expires TEXT NOT NULL,
            used TEXT,
            first INTEGER NOT NULL CHECK (first IN (0, 1))  -- makes the first supervisor
        ) STRICT;
INSERT INTO "invitations" VALUES('abababababababababababababababababababababababababababababababab','Northgate','["trainee"]','2026-11-22T10:00:00+00:00','tg:102','2026-11-29T10:00:00+00:00',NULL,0);
CREATE TABLE keys (
            name TEXT PRIMARY KEY NOT NULL,
            value BLOB NOT NULL,
            made TEXT NOT NULL
        ) STRICT;
INSERT INTO "keys" VALUES('signing',X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F','2026-11-22T10:00:00+00:00');
CREATE TABLE members (
            person TEXT PRIMARY KEY NOT NULL REFERENCES people (person) ON DELETE CASCADE,
            telegram INTEGER NOT NULL UNIQUE,  -- the user's number there, and that of the chat
            name TEXT NOT NULL,
            joined TEXT NOT NULL,
            reachable INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
            feedback TEXT NOT NULL DEFAULT 'end' CHECK (feedback IN ('each', 'end')),
            reminders INTEGER NOT NULL DEFAULT 1 CHECK (reminders IN (0, 1)),
            session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL,  -- where messages go
            awaiting TEXT CHECK (awaiting IS NULL OR json_valid(awaiting))  -- what they answer
        ) STRICT;
INSERT INTO "members" VALUES('ada',101,'Ada','2026-11-22T10:00:00+00:00',1,'each',1,'running',NULL);
INSERT INTO "members" VALUES('tg:102',102,'Bea','2026-11-22T10:00:00+00:00',1,'end',1,NULL,'{"form":"answer"}');
CREATE TABLE memberships (
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            team TEXT NOT NULL REFERENCES teams (team) ON DELETE CASCADE ON UPDATE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('trainee', 'trainer', 'supervisor')),
            since TEXT NOT NULL,
            PRIMARY KEY (person, team, role)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "memberships" VALUES('ada','Northgate','trainee','2026-11-22T10:00:00+00:00');
INSERT INTO "memberships" VALUES('tg:102','Northgate','supervisor','2026-11-22T10:00:00+00:00');
INSERT INTO "memberships" VALUES('tg:102','Northgate','trainer','2026-11-22T10:00:00+00:00');
CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            chat INTEGER NOT NULL,
            content TEXT CHECK (content IS NULL OR json_valid(content)),  -- gone once it was sent
            file BLOB,
            due REAL NOT NULL,  -- seconds since 1970
            state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sent', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;
INSERT INTO "outbox" VALUES(1,101,'{"method": "sendMessage", "text": "Hello"}',NULL,2.0,'new',0);
CREATE TABLE page_sessions (
            secret TEXT PRIMARY KEY NOT NULL,  -- the cookie's SHA-256 in hexadecimal
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            begun TEXT NOT NULL,
            seen TEXT NOT NULL
        ) STRICT;
INSERT INTO "page_sessions" VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','ada','2026-11-22T10:01:00+00:00','2026-11-22T10:01:00+00:00');
CREATE TABLE people (
            person TEXT PRIMARY KEY NOT NULL,
            first_seen TEXT NOT NULL
        ) STRICT;
INSERT INTO "people" VALUES('ada','2026-11-22T03:33:39.848+00:00');
INSERT INTO "people" VALUES('grace','2026-11-22T03:33:39.854+00:00');
INSERT INTO "people" VALUES('tg:102','2026-11-22T10:00:00+00:00');
INSERT INTO "people" VALUES('joan','2026-11-22T13:37:19.308+00:00');
CREATE TABLE preview_sessions (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            largest REAL NOT NULL,  -- change of a dimension, in points
            result TEXT NOT NULL CHECK (json_valid(result))
        ) STRICT, WITHOUT ROWID;
INSERT INTO "preview_sessions" VALUES('first',17.6,'{"session":"first","scenario":"late-parcel","started":"2026-03-01T09:00:00+00:00","scorer":"minilm 1","values":[{"dimension":"empathy","old":42.4,"new":60.0},{"dimension":"active_listening","old":0.0,"new":null},{"dimension":"individualized_treatment","old":61.7,"new":null}],"passed_old":false,"passed_new":false}');
INSERT INTO "preview_sessions" VALUES('retry',17.6,'{"session":"retry","scenario":"late-parcel","started":"2026-03-01T10:00:00+00:00","scorer":"minilm 1","values":[{"dimension":"empathy","old":42.4,"new":60.0},{"dimension":"active_listening","old":0.0,"new":null},{"dimension":"individualized_treatment","old":61.7,"new":null}],"passed_old":true,"passed_new":false}');
INSERT INTO "preview_sessions" VALUES('words',18.4,'{"session":"words","scenario":"late-parcel","started":"2026-03-01T09:00:00+00:00","scorer":"minilm 1","values":[{"dimension":"empathy","old":41.6,"new":60.0},{"dimension":"active_listening","old":0.0,"new":null},{"dimension":"individualized_treatment","old":61.7,"new":null}],"passed_old":false,"passed_new":false}');
CREATE TABLE previews (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            made TEXT NOT NULL,
            scored INTEGER NOT NULL,  -- sessions
            result TEXT NOT NULL CHECK (json_valid(result))  -- without the sessions
        ) STRICT;
INSERT INTO "previews" VALUES(1,'2026-11-22T14:00:00+00:00',3,'{"scorer":"minilm 2","left_out":0,"dimensions":[{"dimension":"empathy","mean":{"status":"ok","value":17.866666666666667,"low":17.6,"high":18.4,"rows":3,"clusters":3},"absolute":{"status":"ok","value":17.866666666666667,"low":17.6,"high":18.4,"rows":3,"clusters":3},"moved":{"status":"ok","value":1.0,"low":1.0,"high":1.0,"rows":3,"clusters":3},"newly_scored":0,"newly_unscored":0},{"dimension":"active_listening","mean":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"absolute":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"moved":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"newly_scored":0,"newly_unscored":3},{"dimension":"individualized_treatment","mean":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"absolute":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"moved":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"newly_scored":0,"newly_unscored":3}],"passes_gained":0,"passes_lost":1,"matches":[{"dimension":"empathy","basis":"blind","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"},{"dimension":"empathy","basis":"all","old":{"status":"one_session","value":14.0,"low":null,"high":null,"rows":1,"clusters":1},"new":{"status":"one_session","value":5.0,"low":null,"high":null,"rows":1,"clusters":1},"difference":{"status":"one_session","value":-9.0,"low":null,"high":null,"rows":1,"clusters":1},"says":"too few"},{"dimension":"empathy","basis":"corrections","old":{"status":"one_session","value":14.0,"low":null,"high":null,"rows":1,"clusters":1},"new":{"status":"one_session","value":5.0,"low":null,"high":null,"rows":1,"clusters":1},"difference":{"status":"one_session","value":-9.0,"low":null,"high":null,"rows":1,"clusters":1},"says":"too few"},{"dimension":"active_listening","basis":"blind","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"},{"dimension":"active_listening","basis":"all","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"},{"dimension":"active_listening","basis":"corrections","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"},{"dimension":"individualized_treatment","basis":"blind","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"},{"dimension":"individualized_treatment","basis":"all","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"},{"dimension":"individualized_treatment","basis":"corrections","old":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"new":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"difference":{"status":"nothing","value":null,"low":null,"high":null,"rows":0,"clusters":0},"says":"too few"}]}');
CREATE TABLE reasons (
            session_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            position INTEGER NOT NULL,
            cause TEXT NOT NULL,
            points REAL NOT NULL,
            quote TEXT,
            text TEXT NOT NULL,
            PRIMARY KEY (session_id, number, position),
            FOREIGN KEY (session_id, number) REFERENCES turns (session_id, number)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
INSERT INTO "reasons" VALUES('first',1,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('first',1,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('first',2,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('first',2,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('first',3,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('first',3,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('first',4,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('first',4,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('first',5,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('first',5,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('hers',1,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('hers',1,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('retry',4,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('retry',4,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('running',1,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('running',1,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('words',1,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('words',1,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('words',2,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('words',2,1,'anger_cools',-1.25,NULL,'Time passes.');
INSERT INTO "reasons" VALUES('words',3,0,'heard',3.00000000000000044408e-01,'third parcel','You saw it.');
INSERT INTO "reasons" VALUES('words',3,1,'anger_cools',-1.25,NULL,'Time passes.');
CREATE TABLE reminders (
            assignment TEXT NOT NULL REFERENCES assignments (id) ON DELETE CASCADE,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            day TEXT NOT NULL,
            PRIMARY KEY (assignment, person, day)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "reminders" VALUES('a1','ada','2026-11-30');
CREATE TABLE scenario_files (
            scenario TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 1),
            team TEXT REFERENCES teams (team) ON DELETE SET NULL ON UPDATE CASCADE,
            content TEXT NOT NULL,
            sent TEXT NOT NULL,
            sent_by TEXT REFERENCES members (person) ON DELETE SET NULL,
            published TEXT,
            withdrawn TEXT,
            PRIMARY KEY (scenario, version)
        ) STRICT;
INSERT INTO "scenario_files" VALUES('lost-key',1,'Northgate','id: lost-key','2026-11-22T10:00:00+00:00','tg:102',NULL,NULL);
CREATE TABLE scores_seen (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            seen TEXT NOT NULL,  -- the first time
            PRIMARY KEY (session_id, person)
        ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "scores_seen" VALUES('first','tg:102','2026-11-22T10:00:00+00:00');
CREATE TABLE self_ratings (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            dimension TEXT NOT NULL,
            value REAL NOT NULL CHECK (value BETWEEN 0 AND 100),
            PRIMARY KEY (session_id, dimension)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "self_ratings" VALUES('first','active_listening',55.5);
INSERT INTO "self_ratings" VALUES('first','empathy',70.0);
INSERT INTO "self_ratings" VALUES('first','individualized_treatment',0.0);
INSERT INTO "self_ratings" VALUES('retry','active_listening',55.5);
INSERT INTO "self_ratings" VALUES('retry','empathy',70.0);
INSERT INTO "self_ratings" VALUES('retry','individualized_treatment',0.0);
INSERT INTO "self_ratings" VALUES('words','active_listening',55.5);
INSERT INTO "self_ratings" VALUES('words','empathy',70.0);
INSERT INTO "self_ratings" VALUES('words','individualized_treatment',0.0);
CREATE TABLE session_scores (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            dimension TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('scored', 'unscored')),
            reason TEXT,
            score REAL CHECK (score BETWEEN 0 AND 100),
            low REAL CHECK (low BETWEEN 0 AND 100),
            high REAL CHECK (high BETWEEN 0 AND 100),
            PRIMARY KEY (session_id, dimension),
            CHECK ((status = 'scored') = (score IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
INSERT INTO "session_scores" VALUES('first','active_listening','scored',NULL,0.0,0.0,8.6);
INSERT INTO "session_scores" VALUES('first','empathy','scored',NULL,42.4,33.3,62.8);
INSERT INTO "session_scores" VALUES('first','individualized_treatment','scored',NULL,61.7,53.6,74.3);
INSERT INTO "session_scores" VALUES('hers','active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "session_scores" VALUES('hers','empathy','scored',NULL,41.1,30.0,70.3);
INSERT INTO "session_scores" VALUES('hers','individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "session_scores" VALUES('retry','active_listening','scored',NULL,0.0,0.0,8.6);
INSERT INTO "session_scores" VALUES('retry','empathy','scored',NULL,42.4,33.3,62.8);
INSERT INTO "session_scores" VALUES('retry','individualized_treatment','scored',NULL,61.7,53.6,74.3);
INSERT INTO "session_scores" VALUES('running','active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "session_scores" VALUES('running','empathy','scored',NULL,41.1,30.0,70.3);
INSERT INTO "session_scores" VALUES('running','individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "session_scores" VALUES('words','active_listening','scored',NULL,0.0,0.0,9.1);
INSERT INTO "session_scores" VALUES('words','empathy','scored',NULL,41.6,32.2,64.8);
INSERT INTO "session_scores" VALUES('words','individualized_treatment','scored',NULL,61.7,53.2,75.1);
CREATE TABLE sessions (
            sequence INTEGER PRIMARY KEY,  -- in the order in which sessions were first saved
            id TEXT NOT NULL UNIQUE,
            person TEXT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
            scenario TEXT NOT NULL,
            scenario_version INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            scorer TEXT NOT NULL,
            started TEXT NOT NULL CHECK (started GLOB '????-??-??T??:??:??*+00:00'),
            opening TEXT NOT NULL CHECK (json_valid(opening)),
            opening_state TEXT NOT NULL CHECK (json_valid(opening_state)),
            retry_of TEXT REFERENCES sessions (id),
            branched_at INTEGER CHECK (branched_at >= 1),
            phase TEXT NOT NULL
                CHECK (phase IN ('briefing', 'conversation', 'self_rating', 'debrief')),
            pending TEXT,
            outcome TEXT,
            passed INTEGER CHECK (passed IN (0, 1)),
            saved TEXT NOT NULL,
            ended TEXT, passed_at_first INTEGER CHECK (passed_at_first IN (0, 1)), resolved INTEGER CHECK (resolved IN (0, 1)),  -- when the conversation was first saved as over
            CHECK ((retry_of IS NULL) = (branched_at IS NULL))
        ) STRICT;
INSERT INTO "sessions" VALUES(1,'first','ada','late-parcel',2,7,'minilm 1','2026-03-01T09:00:00+00:00','["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','{"turn":0,"mood":22.5,"trust":50.0,"patience":4.0,"rapport":0.0,"facts_told":["parcel"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[],"pressed":{},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":null,"used":[],"openers":[],"outcome":null}',NULL,NULL,'debrief',NULL,'ended',1,'2026-11-22T03:33:39.848+00:00','2026-11-22T03:33:39.848+00:00',0,1);
INSERT INTO "sessions" VALUES(2,'retry','ada','late-parcel',2,7,'minilm 1','2026-03-01T10:00:00+00:00','["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','{"turn":0,"mood":22.5,"trust":50.0,"patience":4.0,"rapport":0.0,"facts_told":["parcel"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[],"pressed":{},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":null,"used":[],"openers":[],"outcome":null}','first',4,'debrief',NULL,'ended',1,'2026-11-22T03:33:39.851+00:00','2026-11-22T03:33:39.851+00:00',NULL,NULL);
INSERT INTO "sessions" VALUES(3,'running','ada','late-parcel',2,7,'minilm 1','2026-03-02T09:00:00+00:00','["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','{"turn":0,"mood":22.5,"trust":50.0,"patience":4.0,"rapport":0.0,"facts_told":["parcel"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[],"pressed":{},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":null,"used":[],"openers":[],"outcome":null}',NULL,NULL,'conversation','One moment',NULL,NULL,'2026-11-22T03:33:39.853+00:00',NULL,NULL,NULL);
INSERT INTO "sessions" VALUES(4,'hers','grace','late-parcel',2,7,'minilm 1','2026-03-01T09:00:00+00:00','["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','{"turn":0,"mood":22.5,"trust":50.0,"patience":4.0,"rapport":0.0,"facts_told":["parcel"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[],"pressed":{},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":null,"used":[],"openers":[],"outcome":null}',NULL,NULL,'conversation',NULL,NULL,NULL,'2026-11-22T03:33:39.854+00:00',NULL,NULL,NULL);
INSERT INTO "sessions" VALUES(5,'words','joan','late-parcel',2,7,'minilm 1','2026-03-01T09:00:00+00:00','["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','{"turn":0,"mood":22.5,"trust":50.0,"patience":4.0,"rapport":0.0,"facts_told":["parcel"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[],"pressed":{},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":null,"used":[],"openers":[],"outcome":null}',NULL,NULL,'debrief',NULL,'ended',0,'2026-11-22T13:37:19.308+00:00','2026-11-22T13:37:19.308+00:00',NULL,NULL);
CREATE TABLE sign_in_links (
            nonce TEXT PRIMARY KEY NOT NULL,  -- its SHA-256 in hexadecimal
            person TEXT NOT NULL REFERENCES members (person) ON DELETE CASCADE,
            made TEXT NOT NULL,
            expires TEXT NOT NULL,
            used TEXT
        ) STRICT;
INSERT INTO "sign_in_links" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','ada','2026-11-22T10:00:00+00:00','2026-11-22T10:15:00+00:00','2026-11-22T10:01:00+00:00');
CREATE TABLE statements (
            session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('sent', 'refused')),
            at TEXT NOT NULL,
            reason TEXT  -- why it was refused
        ) STRICT, WITHOUT ROWID;
INSERT INTO "statements" VALUES('first','refused','2026-11-22T12:00:00+00:00','refused (status 400)');
CREATE TABLE teams (
            team TEXT PRIMARY KEY NOT NULL COLLATE NOCASE,
            founded TEXT NOT NULL
        ) STRICT;
INSERT INTO "teams" VALUES('Northgate','2026-11-22T10:00:00+00:00');
CREATE TABLE trust (
            scorer TEXT NOT NULL,
            dimension TEXT NOT NULL,
            
            blind_status TEXT NOT NULL
                CHECK (blind_status IN ('ok', 'nothing', 'one_session', 'no_spread')),
            blind_value REAL,  -- weighted kappa
            blind_low REAL,
            blind_high REAL,
            blind_rows INTEGER NOT NULL,  -- grades
            blind_clusters INTEGER NOT NULL,  -- sessions
    
            
            every_status TEXT NOT NULL
                CHECK (every_status IN ('ok', 'nothing', 'one_session', 'no_spread')),
            every_value REAL,  -- weighted kappa
            every_low REAL,
            every_high REAL,
            every_rows INTEGER NOT NULL,  -- grades
            every_clusters INTEGER NOT NULL,  -- sessions
    
            computed TEXT NOT NULL,
            PRIMARY KEY (scorer, dimension)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "trust" VALUES('minilm 1','active_listening','nothing',NULL,NULL,NULL,0,0,'nothing',NULL,NULL,NULL,0,0,'2026-11-22T10:00:00+00:00');
INSERT INTO "trust" VALUES('minilm 1','empathy','nothing',NULL,NULL,NULL,0,0,'no_spread',NULL,NULL,NULL,1,1,'2026-11-22T10:00:00+00:00');
INSERT INTO "trust" VALUES('minilm 1','individualized_treatment','nothing',NULL,NULL,NULL,0,0,'nothing',NULL,NULL,NULL,0,0,'2026-11-22T10:00:00+00:00');
CREATE TABLE turn_scores (
            session_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            dimension TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('scored', 'unscored')),
            reason TEXT,
            score REAL CHECK (score BETWEEN 0 AND 100),
            low REAL CHECK (low BETWEEN 0 AND 100),
            high REAL CHECK (high BETWEEN 0 AND 100),
            PRIMARY KEY (session_id, number, dimension),
            FOREIGN KEY (session_id, number) REFERENCES turns (session_id, number)
                ON DELETE CASCADE,
            CHECK ((status = 'scored') = (score IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
INSERT INTO "turn_scores" VALUES('first',1,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('first',1,'empathy','scored',NULL,41.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('first',1,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('first',2,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('first',2,'empathy','scored',NULL,42.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('first',2,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('first',3,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('first',3,'empathy','unscored','not_called_for',NULL,NULL,NULL);
INSERT INTO "turn_scores" VALUES('first',3,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('first',4,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('first',4,'empathy','scored',NULL,44.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('first',4,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('first',5,'active_listening','unscored','not_text',NULL,NULL,NULL);
INSERT INTO "turn_scores" VALUES('first',5,'empathy','unscored','not_text',NULL,NULL,NULL);
INSERT INTO "turn_scores" VALUES('first',5,'individualized_treatment','unscored','not_text',NULL,NULL,NULL);
INSERT INTO "turn_scores" VALUES('hers',1,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('hers',1,'empathy','scored',NULL,41.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('hers',1,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('retry',4,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('retry',4,'empathy','scored',NULL,44.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('retry',4,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('running',1,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('running',1,'empathy','scored',NULL,41.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('running',1,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('words',1,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('words',1,'empathy','scored',NULL,41.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('words',1,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('words',2,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('words',2,'empathy','scored',NULL,42.1,30.0,7.03333333333333285972e+01);
INSERT INTO "turn_scores" VALUES('words',2,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
INSERT INTO "turn_scores" VALUES('words',3,'active_listening','scored',NULL,0.0,0.0,12.5);
INSERT INTO "turn_scores" VALUES('words',3,'empathy','unscored','not_called_for',NULL,NULL,NULL);
INSERT INTO "turn_scores" VALUES('words',3,'individualized_treatment','scored',NULL,61.7,50.0,80.0);
CREATE TABLE turns (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 1),
            customer TEXT NOT NULL CHECK (json_valid(customer)),
            agent TEXT NOT NULL,
            answer TEXT NOT NULL CHECK (json_valid(answer)),
            hinted INTEGER NOT NULL CHECK (hinted IN (0, 1)),
            mood_before REAL NOT NULL,
            mood_after REAL NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('scored', 'unscored')),
            reason TEXT,  -- why the reply as a whole has no score
            scorer TEXT NOT NULL,
            score_id TEXT NOT NULL CHECK (json_valid(score_id)),
            signals TEXT CHECK (signals IS NULL OR json_valid(signals)),
            has_evidence INTEGER NOT NULL CHECK (has_evidence IN (0, 1)),  -- looked for, maybe none
            acts TEXT NOT NULL CHECK (json_valid(acts)),
            facts TEXT NOT NULL CHECK (json_valid(facts)),
            needs_revealed TEXT NOT NULL CHECK (json_valid(needs_revealed)),
            needs_met TEXT NOT NULL CHECK (json_valid(needs_met)),
            over_promises TEXT NOT NULL CHECK (json_valid(over_promises)),
            state TEXT NOT NULL CHECK (json_valid(state)),
            saved TEXT NOT NULL, wording TEXT CHECK (wording IS NULL OR json_valid(wording)),
            PRIMARY KEY (session_id, number)
        ) STRICT;
INSERT INTO "turns" VALUES('first',1,'["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','Reply 1: I''m sorry,
that is the third parcel.','["Fine, answer 1.","And now?"]',1,22.5,2.2833333333333332149e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":1,"mood":22.833333333333332,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":1,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":1},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.1"],"openers":[],"outcome":null}','2026-11-22T03:33:39.848+00:00',NULL);
INSERT INTO "turns" VALUES('first',2,'["Fine, answer 1.","And now?"]','Reply 2: I''m sorry,
that is the third parcel.','["Fine, answer 2.","And now?"]',0,2.2833333333333332149e+01,2.316666666666666785e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":2,"mood":23.166666666666668,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":2,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":2},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.2"],"openers":[],"outcome":null}','2026-11-22T03:33:39.848+00:00',NULL);
INSERT INTO "turns" VALUES('first',3,'["Fine, answer 2.","And now?"]','Reply 3: I''m sorry,
that is the third parcel.','["Fine, answer 3.","And now?"]',0,2.316666666666666785e+01,23.5,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":3,"mood":23.5,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":3,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":3},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.3"],"openers":[],"outcome":null}','2026-11-22T03:33:39.848+00:00',NULL);
INSERT INTO "turns" VALUES('first',4,'["Fine, answer 3.","And now?"]','Reply 4: I''m sorry,
that is the third parcel.','["Fine, answer 4.","And now?"]',0,23.5,2.38333333333333321482e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":4,"mood":23.833333333333332,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":4,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":4},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.4"],"openers":[],"outcome":null}','2026-11-22T03:33:39.848+00:00',NULL);
INSERT INTO "turns" VALUES('first',5,'["Fine, answer 4.","And now?"]','Reply 5: I''m sorry,
that is the third parcel.','["Fine, answer 5.","And now?"]',0,2.38333333333333321482e+01,2.41666666666666678513e+01,'unscored','not_text','minilm 1','5',NULL,0,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":5,"mood":24.166666666666668,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":5,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":5},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.5"],"openers":[],"outcome":null}','2026-11-22T03:33:39.848+00:00',NULL);
INSERT INTO "turns" VALUES('retry',4,'["Fine, answer 3.","And now?"]','Better: I''ll call you at six – promised.','["Fine, answer 4.","And now?"]',0,23.5,2.38333333333333321482e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":4,"mood":23.833333333333332,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":4,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":4},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.4"],"openers":[],"outcome":null}','2026-11-22T03:33:39.851+00:00',NULL);
INSERT INTO "turns" VALUES('running',1,'["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','Reply 1: I''m sorry,
that is the third parcel.','["Fine, answer 1.","And now?"]',0,22.5,2.2833333333333332149e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":1,"mood":22.833333333333332,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":1,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":1},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.1"],"openers":[],"outcome":null}','2026-11-22T03:33:39.853+00:00',NULL);
INSERT INTO "turns" VALUES('hers',1,'["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','Reply 1: I''m sorry,
that is the third parcel.','["Fine, answer 1.","And now?"]',0,22.5,2.2833333333333332149e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":1,"mood":22.833333333333332,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":1,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":1},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.1"],"openers":[],"outcome":null}','2026-11-22T03:33:39.854+00:00',NULL);
INSERT INTO "turns" VALUES('words',1,'["Where is my parcel?","It''s my son''s birthday tomorrow – 🎂!"]','Reply 1: I''m sorry,
that is the third parcel.','["Fine, answer 1.","And now?"]',0,22.5,2.2833333333333332149e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":1,"mood":22.833333333333332,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":1,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":1},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.1"],"openers":[],"outcome":null}','2026-11-22T13:37:19.308+00:00','{"model":"small at localhost","by":"model","refused":["too_long"],"failure":null}');
INSERT INTO "turns" VALUES('words',2,'["Fine, answer 1.","And now?"]','Reply 2: I''m sorry,
that is the third parcel.','["Fine, answer 2.","And now?"]',0,2.2833333333333332149e+01,2.316666666666666785e+01,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":2,"mood":23.166666666666668,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":2,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":2},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.2"],"openers":[],"outcome":null}','2026-11-22T13:37:19.308+00:00','{"model":"small at localhost","by":"authored","refused":[],"failure":"timed_out"}');
INSERT INTO "turns" VALUES('words',3,'["Fine, answer 2.","And now?"]','Reply 3: I''m sorry,
that is the third parcel.','["Fine, answer 3.","And now?"]',0,2.316666666666666785e+01,23.5,'scored',NULL,'minilm 1','"r1"','{"emotional_reaction":{"level":1,"p":[0.2,0.7,0.1]},"interpretation":{"level":1,"p":[0.2,0.7,0.1]},"exploration":{"level":0,"p":[1.0,0.0,0.0]},"behaviour":{"label":"reflection","p":{"reflection":0.6,"question":0.2,"input":0.1,"other":0.1}},"question":{"label":"none","p":{"none":0.8,"closed":0.1,"open":0.1}},"uptake":{"value":0.14285714285714285},"templated":{"p":0.05,"sentences":[]},"specificity":{"value":0.9},"dismissal":{"p":0.8,"kind":"hides_behind_policy"},"asks_again":[{"turn":0,"start":0,"end":5,"text":"Where"}],"unanswered":[],"contradicts":[],"injection":[]}',1,'[{"id":"trace","text":"trace it","similarity":0.7431}]','["order_number"]','["birthday"]','[]','[{"id":"refund","text":"refund you","similarity":0.6666666666666666}]','{"turn":3,"mood":23.5,"trust":50.0,"patience":3.5,"rapport":0.0,"facts_told":["parcel","order_number"],"needs_revealed":[],"needs_met":[],"acts_done":[],"acts_done_at":[],"buttons_pressed":[],"over_promised":[],"promises":[{"turn":3,"text":"I''ll call","binding":"vague","when":"at six","kept":false,"called_in":false}],"pressed":{"trace":3},"causes":{},"last_reaction":null,"quiet_turns":0,"turns_since_progress":0,"turns_settled":0,"agent_name":"Zoë","used":["line.3"],"openers":[],"outcome":null}','2026-11-22T13:37:19.308+00:00',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX sessions_of_person ON sessions (person, started);
CREATE INDEX sessions_of_scenario ON sessions (scenario, started);
CREATE INDEX sessions_retried ON sessions (retry_of);
CREATE INDEX memberships_of_team ON memberships (team, role);
CREATE INDEX assignments_of_team ON assignments (team);
CREATE INDEX focuses_of_person ON focuses (person);
CREATE INDEX grades_of_session ON grades (session_id);
CREATE INDEX disputes_of_session ON disputes (session_id);
CREATE INDEX disputes_open ON disputes (answered) WHERE answered IS NULL;
CREATE INDEX inbox_new ON inbox (received) WHERE state = 'new';
CREATE INDEX outbox_new ON outbox (chat, id) WHERE state = 'new';
CREATE INDEX sign_in_links_of_person ON sign_in_links (person);
CREATE INDEX page_sessions_of_person ON page_sessions (person);
CREATE INDEX sessions_debriefed ON sessions (person, started) WHERE phase = 'debrief';
CREATE INDEX sessions_by_scenario ON sessions (person, scenario, started)
            WHERE phase = 'debrief';
CREATE INDEX sessions_by_scorer ON sessions (person, scorer, started)
            WHERE phase = 'debrief';
CREATE INDEX sessions_scorers ON sessions (scorer);
CREATE INDEX assignments_due ON assignments (team, due) WHERE withdrawn IS NULL;
CREATE INDEX grades_of_scorer ON grades (scorer, dimension, graded);
CREATE INDEX grades_newest ON grades (graded);
CREATE TRIGGER demo_takes_nobody_real BEFORE INSERT ON people
        WHEN EXISTS (SELECT * FROM demo WHERE complete = 1)
            AND NOT EXISTS (SELECT * FROM people WHERE person = NEW.person)
        BEGIN
            SELECT RAISE(ABORT, 'it holds demo data, whose people are made up');
        END;
CREATE TRIGGER nobody_real_becomes_demo BEFORE INSERT ON demo
        WHEN EXISTS (SELECT * FROM people)
        BEGIN
            SELECT RAISE(ABORT, 'there are people in it, and demo data needs a file of its own');
        END;
CREATE INDEX act_verdicts_of_session ON act_verdicts (session_id);
CREATE INDEX sessions_by_result
        ON sessions (person, CASE WHEN passed = 1 THEN 'passed' ELSE outcome END, started)
        WHERE phase = 'debrief'
    ;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',1);
INSERT INTO "sqlite_sequence" VALUES('bench_jobs',1);
COMMIT;
