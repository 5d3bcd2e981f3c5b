CREATE TABLE "verifier"."hand_overs" (
	"code_digest" text PRIMARY KEY NOT NULL,
	"session" uuid NOT NULL,
	"match" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "verifier"."sessions" ADD COLUMN "follower" text;--> statement-breakpoint
ALTER TABLE "verifier"."hand_overs" ADD CONSTRAINT "hand_overs_session_sessions_id_fk" FOREIGN KEY ("session") REFERENCES "verifier"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hand_overs_session" ON "verifier"."hand_overs" USING btree ("session");