import type { NextConfig } from 'next';

const config: NextConfig = {
  // Otherwise the development server logs the arguments of server functions, such as codes.
  logging: { serverFunctions: false },
};

export default config;
