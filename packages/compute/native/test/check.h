// The little that the checks need: a claim that is printed where it is false, and counted.
#pragma once

#include <string>

namespace corrente::check {

void claim(bool holds, const std::string& sentence);

void pool_checks();
void thread_checks();
void isa_checks();
void information_checks();

}  // namespace corrente::check
