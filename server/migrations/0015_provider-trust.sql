-- Who answers for a verification, signed by a key that is not in the database; decisions frozen whole; erased accounts leave a tombstone.
ALTER TABLE veridoor.users ADD COLUMN trust text;
--> statement-breakpoint
ALTER TABLE veridoor.users ADD COLUMN identity_signature text;
--> statement-breakpoint
ALTER TABLE veridoor.users ADD CONSTRAINT users_trust CHECK (trust IN ('installation', 'organization'));
--> statement-breakpoint
ALTER TABLE veridoor.providers ADD COLUMN approval text;
--> statement-breakpoint
ALTER TABLE veridoor.verifications
  ADD COLUMN decision text,
  ADD COLUMN decision_signature text,
  ADD COLUMN is_bound boolean NOT NULL DEFAULT false,
  ADD COLUMN came_back_elsewhere boolean NOT NULL DEFAULT false,
  ADD COLUMN settle_attempts integer NOT NULL DEFAULT 0;
--> statement-breakpoint
CREATE TABLE veridoor.erased_users (
  id uuid PRIMARY KEY,
  organization text NOT NULL,
  erased_at timestamp with time zone NOT NULL DEFAULT now()
);
--> statement-breakpoint
-- The serving login may not delete accounts: an account that is gone could come back as somebody else under the same id.
CREATE FUNCTION veridoor.erase_user(erased uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO veridoor.erased_users (id, organization) SELECT u.id, u.organization FROM veridoor.users u WHERE u.id = erased;
  DELETE FROM veridoor.users WHERE id = erased;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION veridoor.erase_user(uuid) FROM PUBLIC;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION veridoor.guard_locked_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.verified_at IS NOT NULL OR NEW.locked_by IS NOT NULL OR NEW.identity_signature IS NOT NULL OR NEW.trust IS NOT NULL THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: an account cannot begin verified' USING ERRCODE = 'VD001';
    END IF;
    IF EXISTS (SELECT 1 FROM veridoor.erased_users e WHERE e.id = NEW.id) THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: the id of an erased account is never used again' USING ERRCODE = 'VD001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.verified_at IS NOT NULL THEN
    IF (NEW.id, NEW.organization, NEW.document_type, NEW.document_number, NEW.document_number_masked, NEW.real_name, NEW.document_country,
        NEW.verified_at, NEW.locked_by, NEW.is_demonstration, NEW.verified_by, NEW.document_fingerprint, NEW.trust, NEW.identity_signature)
       IS DISTINCT FROM
       (OLD.id, OLD.organization, OLD.document_type, OLD.document_number, OLD.document_number_masked, OLD.real_name, OLD.document_country,
        OLD.verified_at, OLD.locked_by, OLD.is_demonstration, OLD.verified_by, OLD.document_fingerprint, OLD.trust, OLD.identity_signature) THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: verified identity fields cannot change' USING ERRCODE = 'VD001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.id IS DISTINCT FROM OLD.id THEN
    RAISE EXCEPTION 'IDENTITY_LOCKED: an account keeps its id' USING ERRCODE = 'VD001';
  END IF;
  IF NEW.verified_at IS NOT NULL OR NEW.locked_by IS NOT NULL OR NEW.is_demonstration OR NEW.document_fingerprint IS NOT NULL
     OR NEW.identity_signature IS NOT NULL OR NEW.trust IS NOT NULL THEN
    -- Only a verification of this very account, not a test, that ended verified in this transaction or before, and was signed.
    IF NEW.verified_at IS NULL OR NEW.locked_by IS NULL OR NEW.identity_signature IS NULL OR NEW.trust IS NULL OR NOT EXISTS (
      SELECT 1 FROM veridoor.verifications v
      WHERE v.id = NEW.locked_by AND v.user_id = NEW.id AND v.state = 'verified' AND NOT v.is_test
        AND v.is_demonstration = NEW.is_demonstration AND v.decision_signature IS NOT NULL
    ) THEN
      RAISE EXCEPTION 'IDENTITY_LOCKED: no verification of this account vouches for it' USING ERRCODE = 'VD001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION veridoor.guard_decided_verification() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- What retention, late results and repeated webhooks may still change.
  open_columns text[] := ARRAY['finding', 'erase_after', 'erased_at', 'late_result', 'staff_reasons', 'updated_at', 'settle_attempts'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'created' OR NEW.decision IS NOT NULL OR NEW.decision_signature IS NOT NULL THEN
      RAISE EXCEPTION 'STATE_FIXED: a verification begins as created' USING ERRCODE = 'VD002';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('verified', 'rejected', 'expired', 'cancelled', 'failed') THEN
    IF NEW.state IS DISTINCT FROM OLD.state THEN
      RAISE EXCEPTION 'STATE_FIXED: an ended verification keeps its state' USING ERRCODE = 'VD002';
    END IF;
    IF (to_jsonb(NEW) - open_columns) IS DISTINCT FROM (to_jsonb(OLD) - open_columns) THEN
      RAISE EXCEPTION 'STATE_FIXED: an ended verification is frozen' USING ERRCODE = 'VD002';
    END IF;
    IF NEW.finding IS DISTINCT FROM OLD.finding AND (NEW.finding IS NOT NULL OR (OLD.state = 'verified' AND NOT OLD.is_test)) THEN
      RAISE EXCEPTION 'STATE_FIXED: the finding of an ended verification is frozen' USING ERRCODE = 'VD002';
    END IF;
  END IF;
  IF NEW.state = 'verified' AND OLD.state <> 'verified' AND (NEW.finding IS NULL OR NEW.decision_signature IS NULL) THEN
    RAISE EXCEPTION 'STATE_FIXED: verified needs a fetched finding and a signed decision' USING ERRCODE = 'VD002';
  END IF;
  IF NEW.user_id IS DISTINCT FROM OLD.user_id OR NEW.claim IS DISTINCT FROM OLD.claim OR NEW.is_test IS DISTINCT FROM OLD.is_test
     OR (OLD.provider_reference IS NOT NULL AND NEW.provider_reference IS DISTINCT FROM OLD.provider_reference) THEN
    RAISE EXCEPTION 'STATE_FIXED: whom, what and where a verification is about cannot change' USING ERRCODE = 'VD002';
  END IF;
  RETURN NEW;
END $$;
