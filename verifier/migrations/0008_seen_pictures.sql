CREATE TABLE "verifier"."seen_pictures" (
	"session" uuid NOT NULL,
	"part" text NOT NULL,
	"client" text NOT NULL,
	"person" text NOT NULL,
	"digests" text[] NOT NULL,
	CONSTRAINT "seen_pictures_session_part_pk" PRIMARY KEY("session","part")
);
--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "find_repeated_pictures" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."seen_pictures" ADD CONSTRAINT "seen_pictures_session_sessions_id_fk" FOREIGN KEY ("session") REFERENCES "verifier"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "seen_pictures_digests" ON "verifier"."seen_pictures" USING gin ("digests");