CREATE TABLE "account_books" (
	"account_id" text collate "C" PRIMARY KEY NOT NULL,
	"equity_base" numeric,
	"cash" numeric,
	"day_start_equity" numeric,
	"peak_equity" numeric
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "alerts_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"alert_id" text collate "C" NOT NULL,
	"code" text NOT NULL,
	"severity" text NOT NULL,
	"account_id" text collate "C",
	"order_id" text,
	"message" json NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"published" boolean DEFAULT false NOT NULL,
	CONSTRAINT "alerts_alert_id_unique" UNIQUE("alert_id")
);
--> statement-breakpoint
CREATE TABLE "book_lease" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"holder" json,
	"expires_at" timestamp with time zone DEFAULT now() NOT NULL,
	"event_time" bigint DEFAULT 0 NOT NULL,
	"session" integer,
	CONSTRAINT "book_lease_single_row" CHECK ("book_lease"."id")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "decisions_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"decision_id" text collate "C" NOT NULL,
	"account_id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"action" text NOT NULL,
	"amend_id" text,
	"of_order" boolean NOT NULL,
	"content_hash" text NOT NULL,
	"revision" integer NOT NULL,
	"decision" text NOT NULL,
	"control_actions" text NOT NULL,
	"warnings" text NOT NULL,
	"reasons" json,
	"nearest" text,
	"max_allowed_quantity" numeric,
	"var_before_ratio" double precision,
	"var_after_ratio" double precision,
	"var_limit_ratio" double precision,
	"var_exact" boolean,
	"reference_price" text,
	"reference_source" text,
	"reference_age_ms" bigint,
	"positions_version" bigint,
	"limits_version" bigint,
	"price_version" bigint,
	"event_time" timestamp with time zone NOT NULL,
	"trader_id" text,
	"symbol" text,
	"side" text,
	"quantity" numeric,
	"order_type" text,
	"price" numeric,
	"time_in_force" text,
	"reduce_only" boolean,
	"order_timestamp" timestamp with time zone,
	"submitter" text,
	"reserved_quantity" text,
	"lock_price" text,
	"reserved_notional" text,
	"reservation_expires_at" timestamp with time zone,
	"is_working" boolean NOT NULL,
	"terms" json,
	"done_cause" text,
	"done_reason" text,
	"done_actor" text,
	"published" boolean NOT NULL,
	CONSTRAINT "decisions_decision_id_unique" UNIQUE("decision_id")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"account_id" text collate "C" NOT NULL,
	"order_id" text collate "C" NOT NULL,
	"exec_id" text collate "C" NOT NULL,
	"symbol" text NOT NULL,
	"side" text NOT NULL,
	"quantity" numeric NOT NULL,
	"price" numeric NOT NULL,
	"filled_at" timestamp with time zone NOT NULL,
	"moved_position" boolean NOT NULL,
	"booked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "executions_account_id_order_id_exec_id_pk" PRIMARY KEY("account_id","order_id","exec_id")
);
--> statement-breakpoint
CREATE TABLE "limit_changes" (
	"change_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "limit_changes_change_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"level" text NOT NULL,
	"id" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"before" json,
	"after" json NOT NULL,
	"actor" text NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "limits" (
	"level" text NOT NULL,
	"id" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"limits" json NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	CONSTRAINT "limits_level_id_pk" PRIMARY KEY("level","id")
);
--> statement-breakpoint
CREATE TABLE "trading_state_changes" (
	"change_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "trading_state_changes_change_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"level" text NOT NULL,
	"id" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"before" text,
	"state" text NOT NULL,
	"latches" text[] NOT NULL,
	"reason" text NOT NULL,
	"actor" text,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading_states" (
	"level" text NOT NULL,
	"id" text collate "C" NOT NULL,
	"state" text NOT NULL,
	"latches" text[] NOT NULL,
	"reason" text NOT NULL,
	"version" bigint NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text,
	CONSTRAINT "trading_states_level_id_pk" PRIMARY KEY("level","id")
);
--> statement-breakpoint
ALTER TABLE "account_books" ADD CONSTRAINT "account_books_account_id_accounts_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_unpublished" ON "alerts" USING btree ("seq") WHERE not "alerts"."published";--> statement-breakpoint
CREATE INDEX "decisions_order" ON "decisions" USING btree ("account_id","order_id");--> statement-breakpoint
CREATE INDEX "decisions_event_time" ON "decisions" USING brin ("event_time");--> statement-breakpoint
CREATE INDEX "decisions_working" ON "decisions" USING btree ("seq") WHERE "decisions"."is_working";--> statement-breakpoint
CREATE INDEX "decisions_unpublished" ON "decisions" USING btree ("seq") WHERE not "decisions"."published";--> statement-breakpoint
CREATE INDEX "executions_booked_at" ON "executions" USING brin ("booked_at");--> statement-breakpoint
CREATE INDEX "limit_changes_scope" ON "limit_changes" USING btree ("level","id","change_id");--> statement-breakpoint
CREATE INDEX "trading_state_changes_scope" ON "trading_state_changes" USING btree ("level","id","change_id");