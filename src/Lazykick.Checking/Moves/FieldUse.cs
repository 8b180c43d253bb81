namespace Lazykick.Checking.Moves;

/// <summary>That a value depends on a field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Members">The members that are asked for, as bits, where the field is a set; else all.</param>
internal readonly record struct FieldUse(Field Field, int Members = -1);
