import type { NextConfig } from 'next';

const config: NextConfig = {
  // The development server would print the arguments of server functions, codes among them.
  logging: { serverFunctions: false },
};

export default config;
