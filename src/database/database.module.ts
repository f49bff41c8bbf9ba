import { Logger, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { Database } from './database.js';

/** Import it where a repository is provided; there is one Database for the whole process. */
@Module({
  providers: [
    {
      provide: Database,
      inject: [CONFIG],
      useFactory: async (config: Config): Promise<Database> => {
        const database = new Database({ url: config.database.url, dataDir: config.dataDir }, new Logger('Database'));
        await database.connect();
        return database;
      },
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}
