-- Behind the code stand triggers: what is verified is sealed, what is decided stays decided, what is recorded stays recorded.

CREATE FUNCTION veridoor.guard_sealed_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.verified_at IS NOT NULL OR NEW.sealed_by IS NOT NULL THEN
      RAISE EXCEPTION 'IDENTITY_SEALED: an account cannot begin verified' USING ERRCODE = 'VD001';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.verified_at IS NOT NULL THEN
    IF (NEW.id, NEW.organization, NEW.id_card_type, NEW.id_card, NEW.id_card_masked, NEW.real_name, NEW.id_card_country,
        NEW.verified_at, NEW.sealed_by, NEW.is_demonstration, NEW.verified_by, NEW.document_fingerprint)
       IS DISTINCT FROM
       (OLD.id, OLD.organization, OLD.id_card_type, OLD.id_card, OLD.id_card_masked, OLD.real_name, OLD.id_card_country,
        OLD.verified_at, OLD.sealed_by, OLD.is_demonstration, OLD.verified_by, OLD.document_fingerprint) THEN
      RAISE EXCEPTION 'IDENTITY_SEALED: verified identity fields cannot change' USING ERRCODE = 'VD001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.verified_at IS NOT NULL OR NEW.sealed_by IS NOT NULL OR NEW.is_demonstration OR NEW.document_fingerprint IS NOT NULL THEN
    -- The only door: a verification of this very account, not a test, that ended verified, and in this transaction or before.
    IF NEW.verified_at IS NULL OR NEW.sealed_by IS NULL OR NOT EXISTS (
      SELECT 1 FROM veridoor.verifications v
      WHERE v.id = NEW.sealed_by AND v.user_id = NEW.id AND v.state = 'verified' AND NOT v.is_test
        AND v.is_demonstration = NEW.is_demonstration
    ) THEN
      RAISE EXCEPTION 'IDENTITY_SEALED: no verification of this account vouches for it' USING ERRCODE = 'VD001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER users_sealed BEFORE INSERT OR UPDATE ON veridoor.users
  FOR EACH ROW EXECUTE FUNCTION veridoor.guard_sealed_identity();
--> statement-breakpoint
CREATE FUNCTION veridoor.guard_decided_verification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'created' THEN
      RAISE EXCEPTION 'STATE_FIXED: a verification begins as created' USING ERRCODE = 'VD002';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('verified', 'rejected', 'expired', 'cancelled', 'failed') AND NEW.state IS DISTINCT FROM OLD.state THEN
    RAISE EXCEPTION 'STATE_FIXED: an ended verification keeps its state' USING ERRCODE = 'VD002';
  END IF;
  IF NEW.state = 'verified' AND OLD.state <> 'verified' AND NEW.finding IS NULL THEN
    RAISE EXCEPTION 'STATE_FIXED: verified needs a fetched finding' USING ERRCODE = 'VD002';
  END IF;
  IF NEW.user_id IS DISTINCT FROM OLD.user_id OR NEW.claim IS DISTINCT FROM OLD.claim OR NEW.is_test IS DISTINCT FROM OLD.is_test
     OR (OLD.provider_reference IS NOT NULL AND NEW.provider_reference IS DISTINCT FROM OLD.provider_reference) THEN
    RAISE EXCEPTION 'STATE_FIXED: whom, what and where a verification is about cannot change' USING ERRCODE = 'VD002';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER verifications_decided BEFORE INSERT OR UPDATE ON veridoor.verifications
  FOR EACH ROW EXECUTE FUNCTION veridoor.guard_decided_verification();
--> statement-breakpoint
CREATE FUNCTION veridoor.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'APPEND_ONLY: audit lines are never changed or removed' USING ERRCODE = 'VD003';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR DELETE ON veridoor.audit_lines
  FOR EACH ROW EXECUTE FUNCTION veridoor.refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_lines_no_truncate BEFORE TRUNCATE ON veridoor.audit_lines
  FOR EACH STATEMENT EXECUTE FUNCTION veridoor.refuse_change();
