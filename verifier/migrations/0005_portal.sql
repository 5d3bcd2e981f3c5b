CREATE TABLE "verifier"."faces" (
	"session" uuid PRIMARY KEY NOT NULL,
	"client" text NOT NULL,
	"person" text NOT NULL,
	"sealed" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "verifier"."clients" ADD COLUMN "find_repeated_faces" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."portal_sessions" ADD COLUMN "secret_digest" text NOT NULL;--> statement-breakpoint
ALTER TABLE "verifier"."portal_sessions" ADD COLUMN "told" text;--> statement-breakpoint
ALTER TABLE "verifier"."faces" ADD CONSTRAINT "faces_session_sessions_id_fk" FOREIGN KEY ("session") REFERENCES "verifier"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "faces_client" ON "verifier"."faces" USING btree ("client","session");