using Lazykick.Schemes.Syntax;

namespace Lazykick.Checking.Moves;

/// <summary>What each form of a value becomes in another language, or in another reckoning.</summary>
internal interface IValueForm<T>
{
    T Number(int number);

    T Read(Field field);

    T Not(T value);

    T If(T test, T then, T otherwise);

    T Operate(BinaryOperator operation, T left, T right);

    /// <summary>A number in a range in which the lowest comes behind the highest.</summary>
    T Wrap(T value, int low, int high);

    /// <summary>A number that is 0 or more, multiplied or divided by a constant.</summary>
    T Scale(Scaling scaling, T value, int by);

    /// <summary>Union or difference of sets of CPUs.</summary>
    T Combine(bool add, T set, T other);
}
