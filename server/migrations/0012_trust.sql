
--> statement-breakpoint
UPDATE "veridoor"."users" SET "canonical_name" = lower("name");
