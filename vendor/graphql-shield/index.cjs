/** The one export that graphql-rate-limit names, in its `createRateLimitRule`. */
exports.rule = () => {
  throw new Error('graphql-shield is not installed: createRateLimitRule is of no use here');
};
