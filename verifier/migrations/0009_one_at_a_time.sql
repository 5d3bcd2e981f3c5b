ALTER TABLE "verifier"."sessions" ADD COLUMN "tried_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "leftovers_at" timestamp with time zone;--> statement-breakpoint
-- What earlier versions missed when they erased is looked for once more.
UPDATE "verifier"."sessions" SET "leftovers_at" = "erased_at" WHERE "erased_at" IS NOT NULL;--> statement-breakpoint
-- Challenges that were open beside a newer one.
UPDATE "verifier"."challenges" AS "older" SET "state" = 'over', "reasons" = '["left"]'
WHERE "older"."state" IN ('open', 'judging') AND EXISTS (
	SELECT 1 FROM "verifier"."challenges" AS "newer"
	WHERE "newer"."session" = "older"."session" AND "newer"."state" IN ('open', 'judging')
		AND ("newer"."created_at", "newer"."id") > ("older"."created_at", "older"."id")
);--> statement-breakpoint
CREATE UNIQUE INDEX "challenges_one_live" ON "verifier"."challenges" USING btree ("session") WHERE "verifier"."challenges"."state" in ('open', 'judging');--> statement-breakpoint
CREATE INDEX "sessions_leftovers" ON "verifier"."sessions" USING btree ("leftovers_at") WHERE "verifier"."sessions"."leftovers_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_tried" ON "verifier"."sessions" USING btree ("tried_at") WHERE "verifier"."sessions"."tried_at" is not null;--> statement-breakpoint
CREATE INDEX "sessions_client" ON "verifier"."sessions" USING btree ("client","created_at");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "verifier"."sessions" USING btree ("client",(platform ->> 'account')) WHERE "verifier"."sessions"."platform" is not null;--> statement-breakpoint
CREATE INDEX "sessions_device" ON "verifier"."sessions" USING btree ("device") WHERE "verifier"."sessions"."device" is not null;--> statement-breakpoint
CREATE INDEX "sessions_follower" ON "verifier"."sessions" USING btree ("follower") WHERE "verifier"."sessions"."follower" is not null;