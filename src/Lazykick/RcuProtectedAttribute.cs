namespace Lazykick;

/// <summary>
/// Marks a member whose value may be freed after a grace period. The analyzer in this package then reports where the
/// value outlives the read scope in which it was read (LKR002).
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Method)]
public sealed class RcuProtectedAttribute : Attribute;
