CREATE TABLE "accounts" (
	"account_id" text collate "C" PRIMARY KEY NOT NULL,
	"parent_id" text collate "C",
	"kind" text NOT NULL,
	"account_type" text NOT NULL,
	"currency" text NOT NULL,
	"equity" numeric,
	"cash" numeric,
	"positions_version" bigint DEFAULT 0 NOT NULL,
	"positions_as_of" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_kind" CHECK ("accounts"."kind" in ('FIRM', 'DESK', 'ACCOUNT')),
	CONSTRAINT "accounts_account_type" CHECK ("accounts"."account_type" in ('CASH', 'MARGIN')),
	CONSTRAINT "accounts_currency" CHECK ("accounts"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "accounts_parent_is_another" CHECK ("accounts"."parent_id" <> "accounts"."account_id"),
	CONSTRAINT "accounts_equity" CHECK ("accounts"."equity" > '-Infinity'::numeric and "accounts"."equity" < 'Infinity'::numeric),
	CONSTRAINT "accounts_cash" CHECK ("accounts"."cash" > '-Infinity'::numeric and "accounts"."cash" < 'Infinity'::numeric)
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"symbol" text collate "C" PRIMARY KEY NOT NULL,
	"asset_class" text NOT NULL,
	"currency" text NOT NULL,
	"sector" text,
	"multiplier" numeric DEFAULT '1' NOT NULL,
	"tick_size" numeric,
	"lot_size" numeric,
	"adv" numeric,
	"halted" boolean DEFAULT false NOT NULL,
	"allow_negative_price" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "instruments_currency" CHECK ("instruments"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "instruments_multiplier" CHECK ("instruments"."multiplier" > 0 and "instruments"."multiplier" < 'Infinity'::numeric),
	CONSTRAINT "instruments_tick_size" CHECK ("instruments"."tick_size" > 0 and "instruments"."tick_size" < 'Infinity'::numeric),
	CONSTRAINT "instruments_lot_size" CHECK ("instruments"."lot_size" > 0 and "instruments"."lot_size" < 'Infinity'::numeric),
	CONSTRAINT "instruments_adv" CHECK ("instruments"."adv" > 0 and "instruments"."adv" < 'Infinity'::numeric)
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"job_id" text collate "C" PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"phase" text,
	"percent" real DEFAULT 0 NOT NULL,
	"request" jsonb NOT NULL,
	"result" jsonb,
	"error" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"owner" text,
	"heartbeat_at" timestamp with time zone,
	CONSTRAINT "jobs_status" CHECK ("jobs"."status" in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
	CONSTRAINT "jobs_percent" CHECK ("jobs"."percent" between 0 and 100)
);
--> statement-breakpoint
CREATE TABLE "positions" (
	"account_id" text collate "C" NOT NULL,
	"symbol" text collate "C" NOT NULL,
	"quantity" numeric NOT NULL,
	"average_price" numeric,
	CONSTRAINT "positions_account_id_symbol_pk" PRIMARY KEY("account_id","symbol"),
	CONSTRAINT "positions_quantity" CHECK ("positions"."quantity" <> 0 and "positions"."quantity" > '-Infinity'::numeric and "positions"."quantity" < 'Infinity'::numeric),
	CONSTRAINT "positions_average_price" CHECK ("positions"."average_price" > '-Infinity'::numeric and "positions"."average_price" < 'Infinity'::numeric)
);
--> statement-breakpoint
CREATE TABLE "price_chunks" (
	"symbol" text collate "C" NOT NULL,
	"year" integer NOT NULL,
	"days" integer[] NOT NULL,
	"closes" double precision[] NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "price_chunks_symbol_year_pk" PRIMARY KEY("symbol","year"),
	CONSTRAINT "price_chunks_parallel" CHECK (cardinality("price_chunks"."days") = cardinality("price_chunks"."closes")),
	CONSTRAINT "price_chunks_year_bound" CHECK (cardinality("price_chunks"."days") between 1 and 366)
);
--> statement-breakpoint
CREATE TABLE "price_version" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "price_version_single_row" CHECK ("price_version"."id")
);
--> statement-breakpoint
CREATE TABLE "quotes" (
	"symbol" text collate "C" PRIMARY KEY NOT NULL,
	"price" numeric NOT NULL,
	"bid" numeric,
	"ask" numeric,
	"volume" numeric,
	"quoted_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "quotes_price" CHECK ("quotes"."price" > '-Infinity'::numeric and "quotes"."price" < 'Infinity'::numeric)
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_parent_id_accounts_account_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."accounts"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "positions" ADD CONSTRAINT "positions_account_id_accounts_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("account_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_parent_id" ON "accounts" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "jobs_created_at" ON "jobs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "price_chunks_version" ON "price_chunks" USING btree ("version");--> statement-breakpoint
CREATE VIEW "public"."closes" AS (
  select chunk.symbol, date '1970-01-01' + entry.day as date, entry.close
  from price_chunks chunk cross join unnest(chunk.days, chunk.closes) as entry(day, close));--> statement-breakpoint
INSERT INTO "price_version" DEFAULT VALUES;
