ALTER TABLE "verifier"."clients" ALTER COLUMN "locale" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "verifier"."clients" ALTER COLUMN "locale" DROP NOT NULL;