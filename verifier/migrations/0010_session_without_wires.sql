ALTER TABLE "verifier"."portal_sessions" RENAME COLUMN "told" TO "message";--> statement-breakpoint
ALTER TABLE "verifier"."faces" RENAME COLUMN "sealed" TO "descriptor";--> statement-breakpoint
ALTER TABLE "verifier"."seen_pictures" RENAME COLUMN "part" TO "side";--> statement-breakpoint
ALTER TABLE "verifier"."seen_pictures" RENAME CONSTRAINT "seen_pictures_session_part_pk" TO "seen_pictures_session_side_pk";--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "starts_per_second" integer DEFAULT 50 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "unnamed_agent" text;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "unnamed_agent_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "personal_reference_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" RENAME COLUMN "parts" TO "sides";--> statement-breakpoint
ALTER TABLE "verifier"."sessions" RENAME COLUMN "leftovers_at" TO "orphans_at";--> statement-breakpoint
ALTER INDEX "verifier"."sessions_leftovers" RENAME TO "sessions_orphans";--> statement-breakpoint
UPDATE "verifier"."sessions" SET "retake" = jsonb_build_object('side', "retake" -> 'part', 'code', "retake" -> 'code') WHERE jsonb_typeof("retake") = 'object';--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ALTER COLUMN "source" SET DEFAULT 'page';--> statement-breakpoint
UPDATE "verifier"."sessions" SET "source" = CASE "source" WHEN 'WEB_CAM' THEN 'camera' WHEN 'WEB_UPLOAD' THEN 'upload' WHEN 'API' THEN 'api' ELSE 'page' END;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "generation" text;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "wire_state" jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "account" uuid;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "person" text;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "asks_for_face" boolean;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "upload_allowed" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "selfie_upload" text DEFAULT 'never' NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "is_preset_fixed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "declares_unsupported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "has_prepared_data" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "is_decision_kept" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "verdict" text;--> statement-breakpoint
-- Results in the words of Netverify v4 cannot be read as verdicts, nor translated by a statement: they are encrypted. Their sessions
-- keep their ids and states, and answer without a result.
UPDATE "verifier"."sessions" SET
	"generation" = CASE WHEN "platform" IS NULL THEN 'v4' ELSE 'platform' END,
	"account" = ("platform" ->> 'account')::uuid,
	"person" = CASE WHEN "erased_at" IS NOT NULL THEN '' ELSE coalesce(nullif("user_reference", ''), "platform" ->> 'account', "id"::text) END,
	"asks_for_face" = "workflow_id" >= 200,
	"upload_allowed" = "workflow_id" % 10 <> 1,
	"selfie_upload" = CASE
		WHEN "workflow_id" % 10 = 2 THEN 'always'
		WHEN "workflow_id" = 200 AND "platform" IS NULL AND "liveness" IS DISTINCT FROM 'required' THEN 'without_camera'
		ELSE 'never' END,
	"is_preset_fixed" = coalesce(("platform" ->> 'isFixed')::boolean, false),
	"declares_unsupported" = "source" = 'api' AND "platform" IS NULL AND "choice" IS NULL AND "preset" IS NULL,
	"has_prepared_data" = coalesce(("platform" ->> 'hasData')::boolean, false),
	"is_decision_kept" = "platform" -> 'wiped' IS NOT NULL,
	"wire_state" = CASE WHEN "platform" IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object(
		'key', "platform" -> 'key',
		'credentials', "platform" -> 'credentials',
		'hasConsent', "platform" -> 'consented',
		'kept', CASE WHEN "platform" -> 'wiped' IS NOT NULL THEN jsonb_build_object('decision', "platform" -> 'wiped' -> 'decision') END
	)) END;--> statement-breakpoint
UPDATE "verifier"."sessions" SET "wire_state" = jsonb_set("wire_state", '{kept}', '{"decision": null}') WHERE "wire_state" -> 'kept' = '{}'::jsonb;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ALTER COLUMN "generation" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ALTER COLUMN "person" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ALTER COLUMN "asks_for_face" SET NOT NULL;--> statement-breakpoint
DROP INDEX "verifier"."sessions_account";--> statement-breakpoint
ALTER TABLE "verifier"."sessions" DROP COLUMN "platform";--> statement-breakpoint
ALTER TABLE "verifier"."sessions" DROP COLUMN "workflow_id";--> statement-breakpoint
ALTER TABLE "verifier"."sessions" DROP COLUMN "result";--> statement-breakpoint
CREATE INDEX "sessions_account" ON "verifier"."sessions" USING btree ("client","account") WHERE "verifier"."sessions"."account" is not null;--> statement-breakpoint
UPDATE "verifier"."sessions" SET "attempt" = least(greatest("attempt", 1), 3);--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD CONSTRAINT "sessions_status" CHECK (("verifier"."sessions"."state", "verifier"."sessions"."phase") in (('PENDING', 'open'), ('PENDING', 'checking'), ('DONE', 'ended'), ('FAILED', 'ended')));--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD CONSTRAINT "sessions_attempt" CHECK ("verifier"."sessions"."attempt" between 1 and 3);
