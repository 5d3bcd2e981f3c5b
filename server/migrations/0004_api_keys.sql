CREATE TABLE "veridoor"."api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application" text NOT NULL,
	"name" text NOT NULL,
	"key_digest" text NOT NULL,
	"ending" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "veridoor"."api_keys" ADD CONSTRAINT "api_keys_application_applications_name_fk" FOREIGN KEY ("application") REFERENCES "veridoor"."applications"("name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_digest" ON "veridoor"."api_keys" USING btree ("key_digest");--> statement-breakpoint
CREATE INDEX "api_keys_application" ON "veridoor"."api_keys" USING btree ("application");