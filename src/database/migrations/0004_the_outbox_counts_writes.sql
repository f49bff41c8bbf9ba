DROP INDEX "alerts_unpublished";--> statement-breakpoint
DROP INDEX "decisions_unpublished";--> statement-breakpoint
ALTER TABLE "book_lease" ADD COLUMN "writes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "book_lease" ADD COLUMN "told" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "outbox_write" bigint;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "outbox_write" bigint;--> statement-breakpoint
-- What is untold yet counts as brought by a first write, the rest as before it.
UPDATE "book_lease" SET "writes" = 1;--> statement-breakpoint
UPDATE "alerts" SET "outbox_write" = CASE WHEN "published" THEN 0 ELSE 1 END;--> statement-breakpoint
UPDATE "decisions" SET "outbox_write" = 1 WHERE NOT "published";--> statement-breakpoint
ALTER TABLE "alerts" ALTER COLUMN "outbox_write" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "alerts_outbox" ON "alerts" USING btree ("outbox_write");--> statement-breakpoint
CREATE INDEX "decisions_outbox" ON "decisions" USING btree ("outbox_write") WHERE "decisions"."outbox_write" is not null;--> statement-breakpoint
ALTER TABLE "alerts" DROP COLUMN "published";--> statement-breakpoint
ALTER TABLE "decisions" DROP COLUMN "published";
