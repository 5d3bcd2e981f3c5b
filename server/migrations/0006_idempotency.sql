CREATE TABLE "veridoor"."idempotent_requests" (
	"key_digest" text PRIMARY KEY NOT NULL,
	"request_digest" text NOT NULL,
	"attempt" uuid NOT NULL,
	"status" integer,
	"answer" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "idempotent_requests_created" ON "veridoor"."idempotent_requests" USING btree ("created_at");