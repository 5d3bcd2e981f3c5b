CREATE TABLE "verifier"."challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"session" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"movements" jsonb NOT NULL,
	"slow" boolean NOT NULL,
	"state" text NOT NULL,
	"frames" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "liveness" text DEFAULT 'required' NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "liveness" text;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "liveness_outcome" text;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "liveness_tries" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."challenges" ADD CONSTRAINT "challenges_session_sessions_id_fk" FOREIGN KEY ("session") REFERENCES "verifier"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "challenges_session" ON "verifier"."challenges" USING btree ("session");--> statement-breakpoint
CREATE INDEX "challenges_open" ON "verifier"."challenges" USING btree ("expires_at") WHERE "verifier"."challenges"."state" in ('open', 'judging');